package io.nodetelemetry.internal.runtime.grpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** One message as gRPC frames it (PROTOCOL-HTTP2.md): a byte that tells of compression, 4 bytes length, the message. */
final class GrpcMessage {
    static final int PREFIX = 5;

    private GrpcMessage() {}

    static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /**
     * Takes the message out of a body.
     *
     * @return empty if there is no message, as when the call failed
     * @throws IOException if the body is cut off, compressed, or more than one message
     */
    static Optional<byte[]> unframe(byte[] body) throws IOException {
        if (body.length == 0) {
            return Optional.empty();
        }
        if (body[0] != 0) {
            throw new IOException("a message that is compressed or none: its first byte is " + body[0]);
        }
        if (body.length < PREFIX) {
            throw new IOException("a message that is cut off");
        }
        long length = Integer.toUnsignedLong(ByteBuffer.wrap(body).getInt(1));
        if (length > body.length - PREFIX) {
            throw new IOException("a message of " + length + " bytes is cut off after " + (body.length - PREFIX));
        }
        if (length < body.length - PREFIX) {
            throw new IOException("more than one message");
        }
        return Optional.of(Arrays.copyOfRange(body, PREFIX, body.length));
    }
}
