package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes of connections, to the last one, against what both ends wrote, for every hook. */
@RequiresKernel
@SuppressWarnings("try") // who closes first, and when, is what is tested
final class TcpBytesIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @BeforeAll
    static void mountTracefs() {
        ProbedTcp.mountTracefs();
    }

    @AfterAll
    static void unmountTracefs() {
        ProbedTcp.unmountTracefs();
    }

    /** Both ends of a connection. */
    private record Pair(Socket client, Socket server) implements AutoCloseable {
        static Pair at(ServerSocket listener) throws IOException {
            return new Pair(new Socket(ProbedTcp.LOOPBACK, listener.getLocalPort()), listener.accept());
        }

        void clientSends(int bytes) throws IOException {
            client.getOutputStream().write(new byte[bytes]);
            assertThat(server.getInputStream().readNBytes(bytes)).hasSize(bytes);
        }

        void serverSends(int bytes) throws IOException {
            server.getOutputStream().write(new byte[bytes]);
            assertThat(client.getInputStream().readNBytes(bytes)).hasSize(bytes);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 512, ProbedTcp.LOOPBACK);
    }

    private static SocketAddress addressOf(ServerSocket listener) {
        return SocketAddress.of(ProbedTcp.LOOPBACK, listener.getLocalPort());
    }

    private static void assertClosed(ProbedTcp tcp, ServerSocket listener, long sent, long received) {
        Eventually.within(SOON, () -> {
            TcpTotals totals = tcp.totals(addressOf(listener));
            assertThat(totals.traffic().bytesSent())
                    .as("sent, of %s, %s", totals, tcp.probe().programs())
                    .isEqualTo(sent);
            assertThat(totals.traffic().bytesReceived())
                    .as("received, of %s, %s", totals, tcp.probe().programs())
                    .isEqualTo(received);
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void whoeverClosesFirst(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ProbedTcp tcp = ProbedTcp.open(hook);
                    ServerSocket listener = listen()) {
                try (Pair pair = Pair.at(listener)) {
                    pair.clientSends(70_001);
                    pair.serverSends(300_007);
                    pair.client().close();
                    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
                }
                assertClosed(tcp, listener, 70_001, 300_007);
                try (Pair pair = Pair.at(listener)) {
                    pair.clientSends(11);
                    pair.serverSends(13);
                    pair.server().close();
                    assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
                }
                assertClosed(tcp, listener, 70_012, 300_020);
                // nothing but handshakes
                Pair.at(listener).close();
                Eventually.within(
                        SOON,
                        () -> assertThat(tcp.closed(addressOf(listener)).rttSamples())
                                .isEqualTo(3));
                assertClosed(tcp, listener, 70_012, 300_020);
                assertThat(tcp.closed(addressOf(listener)).resets()).isZero();
                assertThat(tcp.closed(addressOf(listener)).rttMicros()).isBetween(3L, 3_000_000L);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void dataGoesOnAfterTheEndOfOneDirection(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ProbedTcp tcp = ProbedTcp.open(hook);
                    ServerSocket listener = listen()) {
                try (Pair pair = Pair.at(listener)) {
                    pair.clientSends(5);
                    pair.client().shutdownOutput();
                    assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
                    assertThat(tcp.totals(addressOf(listener)).active()).isZero();
                    pair.serverSends(100_003);
                }
                assertClosed(tcp, listener, 5, 100_003);
                try (Pair pair = Pair.at(listener)) {
                    pair.server().shutdownOutput();
                    assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
                    assertThat(tcp.totals(addressOf(listener)).active()).isZero();
                    pair.clientSends(100_019);
                    TcpTraffic open = tcp.open(addressOf(listener));
                    assertThat(open.bytesSent()).isEqualTo(100_019);
                    assertThat(open.bytesReceived()).isZero();
                }
                assertClosed(tcp, listener, 100_024, 100_003);
                assertThat(tcp.totals(addressOf(listener)).active()).isZero();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void resetByEitherEnd(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ProbedTcp tcp = ProbedTcp.open(hook);
                    ServerSocket listener = listen()) {
                try (Pair pair = Pair.at(listener)) {
                    pair.clientSends(1_000);
                    pair.client().getOutputStream().write(new byte[77]);
                    // it has not read all, so its close is a reset
                    while (pair.server().getInputStream().available() < 77) {
                        Thread.onSpinWait();
                    }
                    pair.server().close();
                    Eventually.within(
                            SOON,
                            () -> assertThat(tcp.totals(addressOf(listener)).active())
                                    .isZero());
                }
                assertClosed(tcp, listener, 1_077, 0);
                assertThat(tcp.closed(addressOf(listener)).resets()).isEqualTo(1);
                try (Pair pair = Pair.at(listener)) {
                    pair.serverSends(500);
                    pair.client().setSoLinger(true, 0);
                    pair.client().close();
                }
                assertClosed(tcp, listener, 1_077, 500);
                // it was this end that ended it
                assertThat(tcp.closed(addressOf(listener)).resets()).isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void openConnectionsShowWhatTheyCarriedSoFar(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ProbedTcp tcp = ProbedTcp.open(hook);
                    ServerSocket listener = listen()) {
                List<Pair> pairs = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    Pair pair = Pair.at(listener);
                    pairs.add(pair);
                    pair.clientSends(1_000 + i);
                    pair.serverSends(10 * i);
                }
                TcpTraffic open = tcp.open(addressOf(listener));
                assertThat(open.bytesSent()).isEqualTo(40_000 + 780);
                assertThat(open.bytesReceived()).isEqualTo(7_800);
                assertThat(open.rttSamples()).isEqualTo(40);
                assertThat(open.rttMicros()).isBetween(40L, 40_000_000L);
                assertThat(tcp.closed(addressOf(listener)).bytesSent()).isZero();
                assertThat(tcp.open(addressOf(listener)).bytesSent())
                        .as("a second look adds nothing")
                        .isEqualTo(40_780);

                for (int i = 0; i < 40; i += 2) {
                    pairs.get(i).close();
                }
                // the even ones: 20 000 and 0 + 2 + ... + 38
                assertClosed(tcp, listener, 20_380, 3_800);
                assertThat(tcp.open(addressOf(listener)).bytesSent()).isEqualTo(20_400);
                assertThat(tcp.open(addressOf(listener)).bytesReceived()).isEqualTo(4_000);
                for (int i = 1; i < 40; i += 2) {
                    pairs.get(i).close();
                }
                assertClosed(tcp, listener, 40_780, 7_800);
                assertThat(tcp.open(addressOf(listener))).isEqualTo(TcpTraffic.NONE);
                assertThat(tcp.probe().drops()).containsEntry("open_connection", 0L);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void bytesBeforeTheProbeDoNotCount(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (ServerSocket listener = listen();
                    Pair pair = Pair.at(listener);
                    Pair quiet = Pair.at(listener)) {
                pair.clientSends(123_456);
                pair.serverSends(654_321);
                try (ProbedTcp tcp = ProbedTcp.open(hook)) {
                    assertThat(tcp.totals(addressOf(listener)).active()).isEqualTo(2);
                    assertThat(tcp.open(addressOf(listener)).bytesSent()).isZero();
                    assertThat(tcp.open(addressOf(listener)).bytesReceived()).isZero();
                    pair.clientSends(17);
                    pair.serverSends(19);
                    assertThat(tcp.open(addressOf(listener)).bytesSent()).isEqualTo(17);
                    assertThat(tcp.open(addressOf(listener)).bytesReceived()).isEqualTo(19);
                    pair.close();
                    quiet.close();
                    assertClosed(tcp, listener, 17, 19);
                    assertThat(tcp.totals(addressOf(listener)).active()).isZero();
                    assertThat(tcp.connects(addressOf(listener)).successful()).isZero();
                }
            }
        });
    }

    /** Sizes by chance, ends in either order, half of them while data is on its way, and passes all the time. */
    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void manyAtOnce(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            int connections = 300;
            int threads = 4;
            try (ProbedTcp tcp = ProbedTcp.open(hook);
                    ServerSocket listener = listen()) {
                List<Future<long[]>> clients = new ArrayList<>();
                Thread.ofPlatform().daemon().start(() -> serve(listener));
                for (int i = 0; i < threads; i++) {
                    Random random = new Random(i);
                    FutureTask<long[]> client =
                            new FutureTask<>(() -> exchange(listener.getLocalPort(), connections, random));
                    clients.add(client);
                    Thread.ofPlatform().start(client);
                }
                long last = 0;
                while (!clients.stream().allMatch(Future::isDone)) {
                    long shown = tcp.closed(addressOf(listener)).bytesSent()
                            + tcp.open(addressOf(listener)).bytesSent();
                    last = Math.max(last, shown);
                }
                long sent = 0;
                long received = 0;
                for (Future<long[]> client : clients) {
                    sent += client.get()[0];
                    received += client.get()[1];
                }
                assertClosed(tcp, listener, sent, received);
                assertThat(last).as("never more than there was").isPositive().isLessThanOrEqualTo(sent);
                assertThat(tcp.connects(addressOf(listener)).successful()).isEqualTo(threads * (long) connections);
                assertThat(tcp.totals(addressOf(listener)).active()).isZero();
            }
        });
    }

    /** Answers by as many bytes as the first four say; if that is negative, this end closes first. Reads the rest. */
    private static void serve(ServerSocket listener) {
        while (true) {
            try {
                Socket accepted = listener.accept();
                Thread.ofVirtual().start(() -> answer(accepted));
            } catch (SocketException _) {
                return;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void answer(Socket accepted) {
        try (accepted) {
            int wanted =
                    ByteBuffer.wrap(accepted.getInputStream().readNBytes(4)).getInt();
            accepted.getOutputStream().write(new byte[Math.abs(wanted)]);
            if (wanted < 0) {
                accepted.shutdownOutput();
            }
            accepted.getInputStream().skip(Long.MAX_VALUE);
            while (accepted.getInputStream().read() >= 0) {
                accepted.getInputStream().skip(Long.MAX_VALUE);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long[] exchange(int port, int connections, Random random) throws IOException {
        long sent = 0;
        long received = 0;
        for (int i = 0; i < connections; i++) {
            int out = random.nextInt(200_000);
            int in = 1 + random.nextInt(200_000);
            boolean serverFirst = random.nextBoolean();
            try (Socket client = new Socket(ProbedTcp.LOOPBACK, port)) {
                int wanted = serverFirst ? -in : in;
                client.getOutputStream()
                        .write(ByteBuffer.allocate(4).putInt(wanted).array());
                assertThat(client.getInputStream().readNBytes(in)).hasSize(in);
                if (serverFirst) {
                    assertThat(client.getInputStream().read()).isEqualTo(-1);
                }
                client.getOutputStream().write(new byte[out]);
            }
            sent += 4 + out;
            received += in;
        }
        return new long[] {sent, received};
    }
}
