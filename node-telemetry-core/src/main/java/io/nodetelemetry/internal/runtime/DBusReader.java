package io.nodetelemetry.internal.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads values from a D-Bus message: every length is checked against what is there. */
final class DBusReader {
    private final ByteBuffer bytes;

    /** From a position of the message that begins at 0 of the array, to a position of it. */
    DBusReader(byte[] message, int from, int to, ByteOrder order) {
        bytes = ByteBuffer.wrap(message).order(order).limit(to).position(from);
    }

    boolean hasRemaining() {
        return bytes.hasRemaining();
    }

    int position() {
        return bytes.position();
    }

    void align(int to) throws DBusFormatException {
        skip(-bytes.position() & (to - 1));
    }

    private void skip(int count) throws DBusFormatException {
        if (count > bytes.remaining()) {
            throw new DBusFormatException("the message is cut off");
        }
        bytes.position(bytes.position() + count);
    }

    int uint8() throws DBusFormatException {
        require(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    long uint32() throws DBusFormatException {
        align(4);
        require(4);
        return Integer.toUnsignedLong(bytes.getInt());
    }

    String string() throws DBusFormatException {
        return text(uint32());
    }

    String signature() throws DBusFormatException {
        return text(uint8());
    }

    private String text(long length) throws DBusFormatException {
        require(length + 1);
        String text = new String(bytes.array(), bytes.position(), (int) length, StandardCharsets.UTF_8);
        skip((int) length);
        if (bytes.get() != 0) {
            throw new DBusFormatException("a text does not end with zero");
        }
        return text;
    }

    private void require(long count) throws DBusFormatException {
        if (count > bytes.remaining()) {
            throw new DBusFormatException("the message is cut off");
        }
    }
}
