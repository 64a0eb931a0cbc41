package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes on their way to a stream, and numbers without garbage. For one thread. */
final class TextBuffer {
    /** Also the largest piece that the stream is given at once, unless a single text is longer. */
    static final int CAPACITY = 64 * 1024;

    private static final int LONGEST_NUMBER = 32;
    private static final byte[] LONG_MIN = Long.toString(Long.MIN_VALUE).getBytes(UTF_8);

    private final OutputStream out;
    private final byte[] bytes = new byte[CAPACITY];
    private final StringBuilder digits = new StringBuilder(LONGEST_NUMBER);
    private int size;

    TextBuffer(OutputStream out) {
        this.out = out;
    }

    void put(String text) throws IOException {
        put(text.getBytes(UTF_8));
    }

    void put(byte[] text) throws IOException {
        room(text.length);
        if (text.length > CAPACITY) {
            out.write(text, 0, text.length);
            return;
        }
        System.arraycopy(text, 0, bytes, size, text.length);
        size += text.length;
    }

    void put(char ascii) throws IOException {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    /** Decimal digits, as {@link Long#toString(long)}. */
    void put(long value) throws IOException {
        if (value == Long.MIN_VALUE) {
            put(LONG_MIN);
            return;
        }
        room(LONGEST_NUMBER);
        long rest = value;
        if (rest < 0) {
            bytes[size++] = '-';
            rest = -rest;
        }
        int end = size + digitsOf(rest);
        size = end;
        do {
            long quotient = rest / 10;
            bytes[--end] = (byte) ('0' + (rest - quotient * 10));
            rest = quotient;
        } while (rest != 0);
    }

    private static int digitsOf(long value) {
        int digits = 1;
        for (long limit = 10; digits < 19 && value >= limit; limit *= 10) {
            digits++;
        }
        return digits;
    }

    /** As {@link Double#toString(double)}, with infinities in Prometheus' spelling. */
    void put(double value) throws IOException {
        long whole = (long) value;
        // Within these bounds Double.toString writes no exponent; -0.0 is left to it.
        if (whole == value && whole < 10_000_000 && whole > -10_000_000 && (whole != 0 || 1 / value > 0)) {
            put(whole);
            room(2);
            bytes[size++] = '.';
            bytes[size++] = '0';
            return;
        }
        if (Double.isInfinite(value)) {
            put(value > 0 ? "+Inf" : "-Inf");
            return;
        }
        digits.setLength(0);
        digits.append(value);
        room(LONGEST_NUMBER);
        for (int i = 0; i < digits.length(); i++) {
            bytes[size++] = (byte) digits.charAt(i);
        }
    }

    /** Hands everything on; does not flush the stream. */
    void drain() throws IOException {
        if (size > 0) {
            int length = size;
            size = 0;
            out.write(bytes, 0, length);
        }
    }

    private void room(int length) throws IOException {
        if (size + length > CAPACITY) {
            drain();
        }
    }
}
