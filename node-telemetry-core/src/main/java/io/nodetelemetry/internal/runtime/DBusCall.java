package io.nodetelemetry.internal.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A method call with strings for arguments, in the wire format of the D-Bus specification ("Message Protocol"), little
 * endian.
 *
 * @param destination a bus name; a peer without a bus between passes it over
 * @param path of the object
 * @param type the interface that the method belongs to
 * @param arguments at most a few, each without a zero character
 */
record DBusCall(String destination, String path, String type, String method, List<String> arguments) {
    private static final int METHOD_CALL = 1;
    private static final int NO_AUTO_START = 2;
    private static final int PROTOCOL = 1;

    private static final int PATH = 1;
    private static final int INTERFACE = 2;
    private static final int MEMBER = 3;
    private static final int DESTINATION = 6;
    private static final int SIGNATURE = 8;

    /** What a bus wants to hear first: it gives the connection a name. */
    static final DBusCall HELLO =
            new DBusCall("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", List.of());

    DBusCall {
        arguments = List.copyOf(arguments);
    }

    /** Reads one property of an object. */
    static DBusCall get(String destination, String path, String type, String property) {
        return new DBusCall(destination, path, "org.freedesktop.DBus.Properties", "Get", List.of(type, property));
    }

    /**
     * The message.
     *
     * @param serial not 0; the reply names it
     */
    byte[] encode(int serial) {
        Bytes body = new Bytes();
        arguments.forEach(body::string);

        Bytes fields = new Bytes();
        fields.field(PATH, 'o', path);
        fields.field(DESTINATION, 's', destination);
        fields.field(INTERFACE, 's', type);
        fields.field(MEMBER, 's', method);
        if (!arguments.isEmpty()) {
            fields.signature(SIGNATURE, "s".repeat(arguments.size()));
        }

        Bytes message = new Bytes();
        message.write('l');
        message.write(METHOD_CALL);
        message.write(NO_AUTO_START);
        message.write(PROTOCOL);
        message.uint32(body.size());
        message.uint32(serial);
        // The array's own length leaves out the padding after it.
        message.uint32(fields.size());
        message.writeBytes(fields.toByteArray());
        message.align(8);
        message.writeBytes(body.toByteArray());
        return message.toByteArray();
    }

    /** Values laid out as D-Bus wants them; begins at a multiple of eight. */
    private static final class Bytes extends ByteArrayOutputStream {
        void align(int to) {
            while (size() % to != 0) {
                write(0);
            }
        }

        void uint32(int value) {
            align(4);
            for (int shift = 0; shift < 32; shift += 8) {
                write(value >>> shift);
            }
        }

        void string(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            uint32(utf8.length);
            writeBytes(utf8);
            write(0);
        }

        void field(int code, char type, String value) {
            align(8);
            write(code);
            writeSignature(String.valueOf(type));
            string(value);
        }

        void signature(int code, String value) {
            align(8);
            write(code);
            writeSignature("g");
            writeSignature(value);
        }

        private void writeSignature(String signature) {
            write(signature.length());
            writeBytes(signature.getBytes(StandardCharsets.US_ASCII));
            write(0);
        }
    }
}
