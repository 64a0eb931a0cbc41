package io.nodetelemetry.internal.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One received message (D-Bus specification, "Message Protocol").
 *
 * @param kind what it is; replies and errors answer a call
 * @param replyTo the serial of the call that it answers; 0 if it answers none
 * @param error the name of the error; empty if it is none
 * @param strings the strings in the body if that is a string, an array of strings, or a variant of these; else empty
 */
record DBusMessage(Kind kind, long replyTo, String error, List<String> strings) {
    /** Bytes at the beginning that tell how long the message is. */
    static final int FIXED_HEADER = 16;

    /** Far more than a unit's property takes; the protocol allows 128 MiB. */
    static final int MAX_SIZE = 1 << 18;

    private static final int ERROR_NAME = 4;
    private static final int REPLY_SERIAL = 5;
    private static final int SIGNATURE = 8;

    /** What a message is. */
    enum Kind {
        REPLY,
        ERROR,
        /** A signal, a call, or a kind of a later protocol: to be passed over. */
        OTHER
    }

    DBusMessage {
        strings = List.copyOf(strings);
    }

    /**
     * The length of the whole message.
     *
     * @param header its first {@link #FIXED_HEADER} bytes
     */
    static int length(byte[] header) throws DBusFormatException {
        ByteBuffer fixed = ByteBuffer.wrap(header).order(order(header[0]));
        if (header[3] != 1) {
            throw new DBusFormatException("not version 1 of the protocol: " + header[3]);
        }
        long body = Integer.toUnsignedLong(fixed.getInt(4));
        long fields = Integer.toUnsignedLong(fixed.getInt(12));
        long length = FIXED_HEADER + (fields + 7) / 8 * 8 + body;
        if (length > MAX_SIZE) {
            throw new DBusFormatException("a message of " + length + " bytes, more than " + MAX_SIZE);
        }
        return (int) length;
    }

    private static ByteOrder order(byte endian) throws DBusFormatException {
        return switch (endian) {
            case 'l' -> ByteOrder.LITTLE_ENDIAN;
            case 'B' -> ByteOrder.BIG_ENDIAN;
            default -> throw new DBusFormatException("neither byte order: " + endian);
        };
    }

    /** Parses a message of the length that {@link #length} tells. */
    static DBusMessage parse(byte[] message) throws DBusFormatException {
        if (message.length < FIXED_HEADER || message.length != length(message)) {
            throw new DBusFormatException("the message is cut off");
        }
        ByteOrder order = order(message[0]);
        int fields = ByteBuffer.wrap(message).order(order).getInt(12);
        DBusReader reader = new DBusReader(message, FIXED_HEADER, FIXED_HEADER + fields, order);
        long replyTo = 0;
        String error = "";
        String signature = "";
        while (reader.hasRemaining()) {
            reader.align(8);
            int code = reader.uint8();
            String type = reader.signature();
            switch (type) {
                case "u" -> {
                    long value = reader.uint32();
                    replyTo = code == REPLY_SERIAL ? value : replyTo;
                }
                case "s", "o" -> {
                    String value = reader.string();
                    error = code == ERROR_NAME ? value : error;
                }
                case "g" -> {
                    String value = reader.signature();
                    signature = code == SIGNATURE ? value : signature;
                }
                // No field of the specification has any other.
                default -> throw new DBusFormatException("a header field of type '" + type + "'");
            }
        }
        Kind kind = switch (message[1]) {
            case 2 -> Kind.REPLY;
            case 3 -> Kind.ERROR;
            default -> Kind.OTHER;
        };
        DBusReader body = new DBusReader(message, (FIXED_HEADER + fields + 7) / 8 * 8, message.length, order);
        return new DBusMessage(kind, replyTo, error, kind == Kind.OTHER ? List.of() : strings(signature, body));
    }

    private static List<String> strings(String signature, DBusReader body) throws DBusFormatException {
        return switch (signature) {
            case "v" -> {
                String inner = body.signature();
                // A variant in a variant is nothing that a property is.
                yield inner.equals("v") ? List.of() : strings(inner, body);
            }
            case "s", "o" -> List.of(body.string());
            case "as" -> array(body);
            default -> List.of();
        };
    }

    private static List<String> array(DBusReader body) throws DBusFormatException {
        long length = body.uint32();
        long end = body.position() + length;
        List<String> strings = new ArrayList<>();
        while (body.position() < end) {
            strings.add(body.string());
        }
        if (body.position() != end) {
            throw new DBusFormatException("an array that does not end with its last element");
        }
        return strings;
    }
}
