package io.nodetelemetry.internal.runtime.grpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * One request and its answer on an HTTP/2 connection of its own (RFC 9113, with prior knowledge). So there is one stream,
 * nothing to be shared or kept, and nothing that runs in the background.
 */
final class Http2Exchange {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int STREAM = 1;
    /** What a peer takes before it has said that it takes more. */
    private static final int MAX_REQUEST = 65_535;

    private static final int MAX_HEADER_BLOCK = 65_536;
    private static final short ENABLE_PUSH = 2;
    private static final short INITIAL_WINDOW_SIZE = 4;

    private final Transport transport;
    private final int maxBody;
    private final HpackDecoder hpack = new HpackDecoder(HpackDecoder.TABLE_SIZE);
    private final ByteBuffer buffer =
            ByteBuffer.allocate(2 * Http2Frame.MAX_PAYLOAD).flip();
    private final Http2Response response = new Http2Response();

    /**
     * Sends nothing yet.
     *
     * @param maxBody of the answer, in bytes
     */
    Http2Exchange(Transport transport, int maxBody) {
        this.transport = transport;
        this.maxBody = maxBody;
    }

    /**
     * Sends the request and waits for the whole answer.
     *
     * @throws IOException if there is none, or the peer speaks something else
     */
    Http2Response run(Map<String, String> headers, byte[] body) throws IOException {
        transport.write(opening(headers, body));
        Http2Frame first = Http2Frame.read(transport, buffer);
        if (first.type() != Http2Frame.SETTINGS) {
            throw new ProtocolException("no HTTP/2: the first frame is of type " + first.type());
        }
        Http2Frame frame = first;
        while (!take(frame)) {
            frame = Http2Frame.read(transport, buffer);
        }
        return response;
    }

    private byte[] opening(Map<String, String> headers, byte[] body) {
        byte[] block = HpackWriter.block(headers);
        if (body.length > MAX_REQUEST || block.length > Http2Frame.MAX_PAYLOAD) {
            throw new IllegalArgumentException("a request of " + body.length + " bytes");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PREFACE);
        // All of the largest answer may be sent at once.
        int window = maxBody + MAX_REQUEST;
        byte[] settings = ByteBuffer.allocate(12)
                .putShort(ENABLE_PUSH)
                .putInt(0)
                .putShort(INITIAL_WINDOW_SIZE)
                .putInt(window)
                .array();
        out.writeBytes(Http2Frame.encode(Http2Frame.SETTINGS, 0, 0, settings));
        out.writeBytes(Http2Frame.encode(
                Http2Frame.WINDOW_UPDATE,
                0,
                0,
                ByteBuffer.allocate(Integer.BYTES).putInt(window).array()));
        out.writeBytes(Http2Frame.encode(Http2Frame.HEADERS, Http2Frame.END_HEADERS, STREAM, block));
        int from = 0;
        do {
            int to = Math.min(body.length, from + Http2Frame.MAX_PAYLOAD);
            int flags = to == body.length ? Http2Frame.END_STREAM : 0;
            out.writeBytes(Http2Frame.encode(Http2Frame.DATA, flags, STREAM, Arrays.copyOfRange(body, from, to)));
            from = to;
        } while (from < body.length);
        return out.toByteArray();
    }

    /** Takes a frame; true if the answer is complete. */
    private boolean take(Http2Frame frame) throws IOException {
        return switch (frame.type()) {
            case Http2Frame.DATA -> data(frame);
            case Http2Frame.HEADERS -> headers(frame);
            case Http2Frame.SETTINGS, Http2Frame.PING -> {
                if (!frame.has(Http2Frame.ACK)) {
                    byte[] echo = frame.type() == Http2Frame.PING ? frame.payload() : new byte[0];
                    transport.write(Http2Frame.encode(frame.type(), Http2Frame.ACK, 0, echo));
                }
                yield false;
            }
            case Http2Frame.RST_STREAM -> throw new ProtocolException("stream reset with error " + frame.number(0));
            case Http2Frame.GOAWAY -> {
                // Without an error, the peer finishes what it has begun.
                if (frame.number(0) < STREAM || frame.number(4) != 0) {
                    throw new ProtocolException("the peer goes away with error " + frame.number(4));
                }
                yield false;
            }
            case Http2Frame.PUSH_PROMISE, Http2Frame.CONTINUATION ->
                throw new ProtocolException("unexpected frame of type " + frame.type());
            default -> false;
        };
    }

    private boolean data(Http2Frame frame) throws ProtocolException {
        if (frame.stream() != STREAM || response.headers().isEmpty()) {
            throw new ProtocolException("data without headers");
        }
        byte[] content = frame.content();
        if (response.body().size() + content.length > maxBody) {
            throw new ProtocolException("an answer of more than " + maxBody + " bytes");
        }
        response.body().writeBytes(content);
        return frame.has(Http2Frame.END_STREAM);
    }

    private boolean headers(Http2Frame frame) throws IOException {
        if (frame.stream() != STREAM) {
            throw new ProtocolException("headers of a stream that is not ours");
        }
        Map<String, String> fields = hpack.decode(block(frame));
        boolean last = frame.has(Http2Frame.END_STREAM);
        // 1xx: the answer is yet to come.
        boolean interim = fields.getOrDefault(":status", "").startsWith("1") && !last;
        if (response.headers().isEmpty()) {
            response.setHeaders(interim ? Map.of() : fields);
        } else if (last) {
            response.setTrailers(fields);
        } else {
            throw new ProtocolException("headers in the middle of an answer");
        }
        return last;
    }

    private byte[] block(Http2Frame frame) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(frame.content());
        Http2Frame last = frame;
        while (!last.has(Http2Frame.END_HEADERS)) {
            last = Http2Frame.read(transport, buffer);
            if (last.type() != Http2Frame.CONTINUATION || last.stream() != STREAM) {
                throw new ProtocolException("a header block that is interrupted");
            }
            block.writeBytes(last.payload());
            if (block.size() > MAX_HEADER_BLOCK) {
                throw new ProtocolException("a header block of more than " + MAX_HEADER_BLOCK + " bytes");
            }
        }
        return block.toByteArray();
    }
}
