package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.PortRange;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpConnects;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the kernel counts of this machine's TCP, as tests ask for it: by destination, whoever connects. */
final class ProbedTcp implements AutoCloseable {
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");
    private static final int MAX_REPETITIONS = 5;
    private static boolean mounted;
    private static long skippedInLast;

    private final TcpProbe probe;

    private ProbedTcp(TcpProbe probe) {
        this.probe = probe;
    }

    /** Plain tracepoints are found through tracefs, which not every machine has mounted. */
    static void mountTracefs() {
        if (!Files.isDirectory(TRACEFS.resolve("events"))) {
            Command.run(List.of("mount", "-t", "tracefs", "tracefs", TRACEFS.toString()))
                    .succeeded();
            mounted = true;
        }
    }

    static void unmountTracefs() {
        if (mounted) {
            mounted = false;
            Command.run(List.of("umount", TRACEFS.toString())).succeeded();
        }
    }

    static ProbedTcp of(TcpProbe probe) {
        return new ProbedTcp(probe);
    }

    static ProbedTcp open(TcpHook hook) throws Exception {
        return open(hook, 1_024, 1_024, List.of());
    }

    static int hostNetns() throws IOException {
        return (int) NetworkNamespace.ofHost(Path.of("/proc")).orElseThrow().inode();
    }

    static ProbedTcp open(TcpHook hook, int rowsPerCgroup, int rows, List<PortRange> ephemeral) throws Exception {
        return new ProbedTcp(TcpProbe.open(
                Libbpf.load(),
                new TcpSettings(
                        Path.of("/sys/fs/cgroup"),
                        hostNetns(),
                        TcpSettings.PRIVATE_NETWORKS,
                        ephemeral,
                        rowsPerCgroup,
                        rows,
                        128,
                        64),
                List.of(hook)));
    }

    TcpProbe probe() {
        return probe;
    }

    Map<TcpDestination, TcpTotals> rows() throws IOException {
        Map<TcpDestination, TcpTotals> rows = new HashMap<>();
        probe.readDestinations((destination, totals) -> assertThat(rows.put(destination, totals))
                .as("a row is given once")
                .isNull());
        return rows;
    }

    /** Of all who dialled that address. */
    TcpTotals totals(SocketAddress dialled) throws IOException {
        return rows().entrySet().stream()
                .filter(row -> row.getKey().address().equals(dialled))
                .map(Map.Entry::getValue)
                .reduce(TcpTotals.NONE, TcpTotals::plus);
    }

    TcpConnects connects(SocketAddress dialled) throws IOException {
        return totals(dialled).connects();
    }

    /** Of the connections to that address that are over. */
    TcpTraffic closed(SocketAddress dialled) throws IOException {
        return totals(dialled).traffic();
    }

    /** Of the connections to that address that are open. */
    TcpTraffic open(SocketAddress dialled) throws IOException {
        TcpTraffic[] sum = {TcpTraffic.NONE};
        probe.readOpen(
                (destination, traffic) -> {
                    if (destination.address().equals(dialled)) {
                        sum[0] = sum[0].plus(traffic);
                    }
                },
                (cgroup, traffic) -> {});
        return sum[0];
    }

    /** What a cgroup has beyond its rows. */
    TcpTotals overflow(CgroupRef wanted) throws IOException {
        TcpTotals[] sum = {TcpTotals.NONE};
        probe.readOverflow((cgroup, totals) -> {
            if (cgroup.equals(wanted)) {
                sum[0] = sum[0].plus(totals);
            }
        });
        return sum[0];
    }

    /** The same of open connections. */
    TcpTraffic openInOverflow(CgroupRef wanted) throws IOException {
        TcpTraffic[] sum = {TcpTraffic.NONE};
        probe.readOpen((destination, traffic) -> {}, (cgroup, traffic) -> {
            if (cgroup.equals(wanted)) {
                sum[0] = sum[0].plus(traffic);
            }
        });
        return sum[0];
    }

    /** Who listens on a port of a network namespace, by its inode number, in any cgroup. */
    Map<TcpListener, TcpListenerState> listeners(int netns, int port) throws IOException {
        Map<TcpListener, TcpListenerState> found = new HashMap<>();
        probe.readListeners((listener, state) -> {
            if (listener.netns() == netns && listener.address().port() == port) {
                found.put(listener, state);
            }
        });
        return found;
    }

    CgroupRef cgroupOf(SocketAddress dialled) throws IOException {
        return rows().keySet().stream()
                .filter(destination -> destination.address().equals(dialled))
                .findFirst()
                .orElseThrow()
                .cgroup();
    }

    /** Makes the test, and makes it again when it failed while the kernel skipped a program: it says how often it did. */
    static void unlessSkipped(Eventually.Check test) throws Exception {
        for (int attempts = 0; ; attempts++) {
            skippedInLast = 0;
            try {
                test.run();
                return;
            } catch (AssertionError e) {
                if (skippedInLast == 0 || attempts == MAX_REPETITIONS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            for (BpfProbe.Program program : probe.programs()) {
                skippedInLast += program.recursionMisses().orElse(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            probe.close();
        }
    }
}
