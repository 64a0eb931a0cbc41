package io.nodetelemetry.internal.runtime.grpc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One message as gRPC frames it (PROTOCOL-HTTP2.md): a byte that tells of compression, 4 bytes length, the message. */
final class GrpcMessage {
    private static final int PREFIX = 5;

    private GrpcMessage() {}

    static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /**
     * Reads a body to its end.
     *
     * @return empty if there is no message, as when the call failed
     * @throws IOException if the body is cut off, compressed, longer than the limit, or more than one message
     */
    static Optional<byte[]> read(InputStream body, int limit) throws IOException {
        int compressed = body.read();
        if (compressed < 0) {
            return Optional.empty();
        }
        if (compressed != 0) {
            throw new IOException("a message that is compressed or none: its first byte is " + compressed);
        }
        long length = Integer.toUnsignedLong(new DataInputStream(body).readInt());
        if (length > limit) {
            throw new IOException("a message of " + length + " bytes; at most " + limit + " are read");
        }
        byte[] message = body.readNBytes((int) length);
        if (message.length < length) {
            throw new IOException("a message of " + length + " bytes is cut off after " + message.length);
        }
        if (body.read() >= 0) {
            throw new IOException("more than one message");
        }
        return Optional.of(message);
    }
}
