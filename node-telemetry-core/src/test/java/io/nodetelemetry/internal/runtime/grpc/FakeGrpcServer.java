package io.nodetelemetry.internal.runtime.grpc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gRPC server on a unix socket: real HTTP/2 (RFC 9113) with what each test decides in it, good or bad. Of the protocol
 * it knows what a client of unary calls needs.
 */
public final class FakeGrpcServer implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 32;
    private static final int MAX_FRAME = 16_384;

    private final Path socket;
    private final ServerSocketChannel server;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** What a client asked. */
    public static final class Request {
        private final Map<String, String> headers;
        private final byte[] framed;

        private Request(Map<String, String> headers, byte[] framed) {
            this.headers = headers;
            this.framed = framed;
        }

        /** Package, service and method, without a leading slash. */
        public String method() {
            return headers.getOrDefault(":path", "/").substring(1);
        }

        /** Pseudo-headers included. */
        public Map<String, String> headers() {
            return headers;
        }

        /** Without the 5 bytes that frame it. */
        public byte[] message() {
            return Arrays.copyOfRange(framed, Math.min(5, framed.length), framed.length);
        }
    }

    /** Answers a request. */
    public interface Handler {
        /** Writes the answer to the stream. */
        void answer(Request request, Stream stream) throws Exception;
    }

    /** Speaks to a client in whatever way. */
    public interface Connection {
        /** Called for each connection; it is closed afterwards. */
        void serve(SocketChannel channel) throws Exception;
    }

    /** Starts a server that speaks HTTP/2. */
    public FakeGrpcServer(Path socket, Handler handler) throws IOException {
        this(socket);
        Thread.ofVirtual().start(() -> accept(channel -> new Http2(channel, handler).serve()));
    }

    private FakeGrpcServer(Path socket) throws IOException {
        this.socket = socket;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    /** Starts a server that speaks anything else. */
    static FakeGrpcServer raw(Path socket, Connection connection) throws IOException {
        FakeGrpcServer server = new FakeGrpcServer(socket);
        Thread.ofVirtual().start(() -> server.accept(connection));
        return server;
    }

    /** All requests so far. */
    public List<Request> requests() {
        return requests;
    }

    int connections() {
        return connections.get();
    }

    private void accept(Connection connection) {
        while (true) {
            try {
                SocketChannel channel = server.accept();
                open.add(channel);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(connection, channel));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Connection connection, SocketChannel channel) {
        try (channel) {
            connection.serve(channel);
        } catch (Exception clientWentAway) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    /** The server's half of one call. */
    public static final class Stream {
        private final SocketChannel channel;
        private final int id;

        private Stream(SocketChannel channel, int id) {
            this.channel = channel;
            this.id = id;
        }

        /** A complete answer with this message. */
        public void message(byte[] message) throws IOException {
            headers(false, ":status", "200", "content-type", "application/grpc");
            data(GrpcMessage.frame(message));
            headers(true, "grpc-status", "0", "grpc-message", "");
        }

        /** A failure as servers answer it before there is any message: headers alone. */
        public void status(int code, String message) throws IOException {
            headers(
                    true,
                    ":status",
                    "200",
                    "content-type",
                    "application/grpc",
                    "grpc-status",
                    Integer.toString(code),
                    "grpc-message",
                    message);
        }

        void headers(boolean last, String... namesAndValues) throws IOException {
            frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), block(namesAndValues));
        }

        /** In three frames, the middle one empty. */
        void splitHeaders(String... namesAndValues) throws IOException {
            byte[] block = block(namesAndValues);
            frame(HEADERS, 0, Arrays.copyOf(block, 7));
            frame(CONTINUATION, 0, new byte[0]);
            frame(CONTINUATION, END_HEADERS, Arrays.copyOfRange(block, 7, block.length));
        }

        private static byte[] block(String... namesAndValues) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                fields.put(namesAndValues[i], namesAndValues[i + 1]);
            }
            return HpackWriter.block(fields);
        }

        void ofConnection(int type, int flags, byte[] payload) throws IOException {
            FakeGrpcServer.frame(channel, type, flags, 0, payload);
        }

        void data(byte[] bytes) throws IOException {
            for (int from = 0; from < bytes.length; from += MAX_FRAME) {
                frame(DATA, 0, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + MAX_FRAME)));
            }
        }

        void frame(int type, int flags, byte[] payload) throws IOException {
            FakeGrpcServer.frame(channel, type, flags, id, payload);
        }

        void closeConnection() throws IOException {
            channel.close();
        }
    }

    private static void frame(SocketChannel channel, int type, int flags, int stream, byte[] payload)
            throws IOException {
        write(
                channel,
                ByteBuffer.allocate(9 + payload.length)
                        .putShort((short) (payload.length >> 8))
                        .put((byte) payload.length)
                        .put((byte) type)
                        .put((byte) flags)
                        .putInt(stream)
                        .put(payload)
                        .array());
    }

    static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private final class Http2 {
        private final SocketChannel channel;
        private final Handler handler;
        private final DataInputStream in;
        private final HpackDecoder hpack = new HpackDecoder(HpackDecoder.TABLE_SIZE);
        private final Map<Integer, Map<String, String>> headers = new HashMap<>();
        private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();

        Http2(SocketChannel channel, Handler handler) {
            this.channel = channel;
            this.handler = handler;
            in = new DataInputStream(Channels.newInputStream(channel));
        }

        void serve() throws Exception {
            String preface = new String(in.readNBytes(24), StandardCharsets.US_ASCII);
            if (!preface.equals("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
                throw new IOException("no HTTP/2: " + preface);
            }
            frame(channel, SETTINGS, 0, 0, new byte[0]);
            while (true) {
                int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(length);
                switch (type) {
                    case HEADERS -> headers.put(stream, hpack.decode(unpadded(payload, flags)));
                    case DATA ->
                        bodies.computeIfAbsent(stream, id -> new ByteArrayOutputStream())
                                .writeBytes(unpadded(payload, flags));
                    case SETTINGS -> acknowledge(type, flags, new byte[0]);
                    case PING -> acknowledge(type, flags, payload);
                    default -> {}
                }
                if (type <= HEADERS && (flags & END_STREAM) != 0) {
                    answer(stream);
                }
            }
        }

        private void acknowledge(int type, int flags, byte[] payload) throws IOException {
            if ((flags & 1) == 0) {
                frame(channel, type, 1, 0, payload);
            }
        }

        private static byte[] unpadded(byte[] payload, int flags) {
            int padding = (flags & PADDED) == 0 ? 0 : payload[0] & 0xff;
            int from = ((flags & PADDED) == 0 ? 0 : 1) + ((flags & PRIORITY) == 0 ? 0 : 5);
            return Arrays.copyOfRange(payload, from, payload.length - padding);
        }

        private void answer(int stream) throws Exception {
            Request request = new Request(
                    headers.getOrDefault(stream, Map.of()),
                    bodies.getOrDefault(stream, new ByteArrayOutputStream()).toByteArray());
            requests.add(request);
            handler.answer(request, new Stream(channel, stream));
        }
    }
}
