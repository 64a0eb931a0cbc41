package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP server that answers every request of every connection with the bytes the test decides. */
final class RawServer implements AutoCloseable {
    /** What to do once a request has been read. */
    interface Behaviour {
        void answer(OutputStream out) throws Exception;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();

    RawServer(Behaviour behaviour) throws IOException {
        this(behaviour, false);
    }

    private RawServer(Behaviour behaviour, boolean first) throws IOException {
        Thread.ofVirtual().start(() -> accept(behaviour, first));
    }

    /** One that waits for no request. */
    static RawServer speakingFirst(Behaviour behaviour) throws IOException {
        return new RawServer(behaviour, true);
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    int connections() {
        return connections.get();
    }

    /** Waits until the test is over. */
    void hang() throws InterruptedException {
        closed.await();
    }

    private void accept(Behaviour behaviour, boolean first) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket, behaviour, first));
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private static void serve(Socket socket, Behaviour behaviour, boolean first) {
        try (socket) {
            InputStream in = socket.getInputStream();
            if (first) {
                behaviour.answer(socket.getOutputStream());
            }
            StringBuilder request = new StringBuilder();
            for (int next = in.read(); next >= 0; next = in.read()) {
                request.append((char) next);
                if (request.toString().endsWith("\r\n\r\n")) {
                    request.setLength(0);
                    behaviour.answer(socket.getOutputStream());
                }
            }
        } catch (Exception e) {
            // The client went away, which most of these tests are about.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
    }
}
