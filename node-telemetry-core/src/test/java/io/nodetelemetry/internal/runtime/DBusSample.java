package io.nodetelemetry.internal.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Messages as the other side of a connection writes them. */
final class DBusSample {
    private DBusSample() {}

    /** A method return whose body has the signature. */
    static byte[] reply(boolean bigEndian, int replyTo, String signature, byte[] body) {
        return message(bigEndian, 2, replyTo, "", signature, body);
    }

    /** An error without words. */
    static byte[] error(int replyTo, String name) {
        return message(false, 3, replyTo, name, "", new byte[0]);
    }

    /** A variant with an array of strings. */
    static byte[] variantOf(boolean bigEndian, String... strings) {
        ByteBuffer out = buffer(bigEndian).put(new byte[] {2, 'a', 's', 0}).putInt(0);
        for (String string : strings) {
            string(out, string);
        }
        out.putInt(4, out.position() - 8);
        return bytes(out);
    }

    /** A variant with a string. */
    static byte[] variantOf(String string) {
        ByteBuffer out = buffer(false).put(new byte[] {1, 's', 0, 0});
        string(out, string);
        return bytes(out);
    }

    private static byte[] message(
            boolean bigEndian, int type, int replyTo, String error, String signature, byte[] body) {
        ByteBuffer fields = buffer(bigEndian).put(new byte[] {5, 1, 'u', 0}).putInt(replyTo);
        if (!error.isEmpty()) {
            fields.put(new byte[] {4, 1, 's', 0});
            string(fields, error);
            align(fields, 8);
        }
        fields.put(new byte[] {8, 1, 'g', 0, (byte) signature.length()});
        fields.put(signature.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
        byte[] header = bytes(fields);
        ByteBuffer out = buffer(bigEndian)
                .put((byte) (bigEndian ? 'B' : 'l'))
                .put((byte) type)
                .put((byte) 0)
                .put((byte) 1);
        out.putInt(body.length).putInt(99).putInt(header.length).put(header);
        align(out, 8);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(bytes(out));
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    private static ByteBuffer buffer(boolean bigEndian) {
        return ByteBuffer.allocate(4_096).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static void string(ByteBuffer out, String string) {
        align(out, 4);
        byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
        out.putInt(utf8.length).put(utf8).put((byte) 0);
    }

    private static void align(ByteBuffer out, int to) {
        while (out.position() % to != 0) {
            out.put((byte) 0);
        }
    }

    private static byte[] bytes(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }
}
