package io.nodetelemetry.internal.runtime;

import java.io.EOFException;
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

/** A real unix socket with a D-Bus peer that authenticates like systemd and then does what the test says. */
final class FakeBus implements AutoCloseable {
    /** What to do once the calls are there. */
    interface Behaviour {
        void answer(SocketChannel channel) throws Exception;
    }

    private final Path socket;
    private final List<String> lines;
    private final Behaviour behaviour;
    private final ServerSocketChannel server;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<String> conversations = new CopyOnWriteArrayList<>();

    /**
     * Listens.
     *
     * @param lines one answer to each line of the client's; after {@code OK} the calls are read
     */
    FakeBus(Path socket, List<String> lines, Behaviour behaviour) throws IOException {
        this.socket = socket;
        this.lines = lines;
        this.behaviour = behaviour;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofPlatform().daemon().start(this::serve);
    }

    static FakeBus sending(Path socket, byte[]... parts) throws IOException {
        return new FakeBus(socket, List.of("DATA\r\n", "OK 0123\r\n"), channel -> {
            for (byte[] part : parts) {
                write(channel, part);
            }
        });
    }

    static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Waits until the test is over. */
    void hang() throws InterruptedException {
        closed.await();
    }

    /** What the client sent, by connection, in ISO 8859-1. */
    List<String> conversations() {
        return conversations;
    }

    private void serve() {
        while (true) {
            try (SocketChannel channel = server.accept()) {
                StringBuilder heard = new StringBuilder();
                ByteBuffer buffer = ByteBuffer.allocate(65_536);
                for (String line : lines) {
                    read(channel, buffer, heard, "\r\n");
                    write(channel, line.getBytes(StandardCharsets.US_ASCII));
                }
                // The last of our calls ends with the property's name and a zero.
                read(channel, buffer, heard, "\0");
                conversations.add(heard.toString());
                behaviour.answer(channel);
            } catch (Exception e) {
                if (!server.isOpen() || Thread.currentThread().isInterrupted()) {
                    return;
                }
                // The client went away, which most of these tests are about.
            }
        }
    }

    private static void read(SocketChannel channel, ByteBuffer buffer, StringBuilder heard, String end)
            throws IOException {
        int before = heard.length();
        while (heard.length() == before || !heard.toString().endsWith(end)) {
            if (channel.read(buffer.clear()) < 0) {
                throw new EOFException("the client went away");
            }
            heard.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        thread.interrupt();
        server.close();
        Files.deleteIfExists(socket);
    }
}
