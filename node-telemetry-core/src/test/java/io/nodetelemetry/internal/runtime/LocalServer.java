package io.nodetelemetry.internal.runtime;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A real unix-socket server whose answer each test decides, one connection after the other. */
final class LocalServer implements AutoCloseable {
    /** What to do with a connection once its request has been read. */
    interface Behaviour {
        void answer(SocketChannel channel) throws Exception;
    }

    private final Path socket;
    private final ServerSocketChannel server;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> requests = new CopyOnWriteArrayList<>();

    LocalServer(Path socket, Behaviour behaviour) throws IOException {
        this.socket = socket;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofPlatform().daemon().start(() -> serve(behaviour));
    }

    static LocalServer answering(Path socket, String answer) throws IOException {
        return new LocalServer(socket, channel -> write(channel, answer));
    }

    static String json(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Waits until the test is over. */
    void hang() throws InterruptedException {
        closed.await();
    }

    List<String> requests() {
        return requests;
    }

    private void serve(Behaviour behaviour) {
        while (true) {
            try (SocketChannel channel = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(8_192);
                while (!text(request).endsWith("\r\n\r\n") && channel.read(request) > 0) {
                    // More of the request.
                }
                requests.add(text(request));
                behaviour.answer(channel);
            } catch (Exception e) {
                if (!server.isOpen() || Thread.currentThread().isInterrupted()) {
                    return;
                }
                // The client went away, which most of these tests are about.
            }
        }
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate().flip()).toString();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        thread.interrupt();
        server.close();
        Files.deleteIfExists(socket);
    }
}
