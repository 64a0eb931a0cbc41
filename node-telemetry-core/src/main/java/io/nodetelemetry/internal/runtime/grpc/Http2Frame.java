package io.nodetelemetry.internal.runtime.grpc;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A frame of HTTP/2 (RFC 9113, sections 4 and 6). */
final class Http2Frame {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 32;

    /** Of a payload, as long as nothing else is agreed upon. */
    static final int MAX_PAYLOAD = 16_384;

    private static final int HEADER = 9;

    private final int type;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    private Http2Frame(int type, int flags, int stream, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.stream = stream;
        this.payload = payload;
    }

    static byte[] encode(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(HEADER + payload.length)
                .putInt((payload.length << 8) | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /**
     * Takes the next frame off a buffer.
     *
     * @param buffer in reading position; with room for a whole frame
     */
    static Http2Frame read(Transport transport, ByteBuffer buffer) throws IOException {
        fill(transport, buffer, HEADER);
        int lengthAndType = buffer.getInt();
        int length = lengthAndType >>> 8;
        if (length > MAX_PAYLOAD) {
            throw new ProtocolException("a frame of " + length + " bytes, or no HTTP/2");
        }
        int flags = buffer.get() & 0xff;
        int stream = buffer.getInt() & Integer.MAX_VALUE;
        fill(transport, buffer, length);
        byte[] payload = new byte[length];
        buffer.get(payload);
        return new Http2Frame(lengthAndType & 0xff, flags, stream, payload);
    }

    private static void fill(Transport transport, ByteBuffer buffer, int wanted) throws IOException {
        if (buffer.remaining() >= wanted) {
            return;
        }
        buffer.compact();
        try {
            while (buffer.position() < wanted) {
                if (transport.read(buffer) < 0) {
                    throw new EOFException("the connection was closed");
                }
            }
        } finally {
            buffer.flip();
        }
    }

    int type() {
        return type;
    }

    int stream() {
        return stream;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    byte[] payload() {
        return payload;
    }

    /** The 32 bits at an offset of the payload. */
    int number(int offset) throws ProtocolException {
        if (payload.length < offset + Integer.BYTES) {
            throw new ProtocolException("a frame that is too short");
        }
        return ByteBuffer.wrap(payload).getInt(offset);
    }

    /** The payload of a DATA or HEADERS frame without padding and priority. */
    byte[] content() throws ProtocolException {
        int from = (has(PADDED) ? 1 : 0) + (type == HEADERS && has(PRIORITY) ? 5 : 0);
        int padding = has(PADDED) && payload.length > 0 ? payload[0] & 0xff : 0;
        if (from + padding > payload.length) {
            throw new ProtocolException("more padding than there is frame");
        }
        return Arrays.copyOfRange(payload, from, payload.length - padding);
    }
}
