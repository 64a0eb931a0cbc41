package io.nodetelemetry.internal.source.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nodetelemetry.internal.ffm.NetlinkChannel;
import io.nodetelemetry.internal.source.netlink.TaskAccounting.Task;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running kernel's netlink, with a network namespace of the test's own. */
@Tag("kernel")
@Requires(HostFeature.ROOT)
class NetlinkIT {
    private static final Path PROC = Path.of("/proc");
    private static final Duration SOON = Duration.ofSeconds(60);
    private final String name = "nt-netlink-it-" + ProcessHandle.current().pid();
    private final Path namespace = Path.of("/run/netns", name);

    @BeforeEach
    void makeNamespace() {
        run("ip", "netns", "add", name);
        inside("ip", "link", "add", "eth7", "type", "veth", "peer", "name", "peer7");
        inside("ip", "addr", "add", "192.0.2.7/24", "dev", "eth7");
        inside("ip", "link", "set", "eth7", "up");
    }

    @AfterEach
    void removeNamespace() {
        run("ip", "netns", "del", name);
    }

    private static void run(String... command) {
        Command.run(List.of(command)).succeeded();
    }

    private void inside(String... command) {
        run(Stream.concat(Stream.of("nsenter", "--net=" + namespace), Stream.of(command))
                .toArray(String[]::new));
    }

    private static Optional<NetworkLink> link(RouteNetlink route, String name) throws IOException {
        return route.links().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    @Test
    void interfacesOfAnotherNamespaceAreSeenWithoutEnteringItOurselves() throws Exception {
        long ours = inode("/proc/thread-self/ns/net");
        try (RouteNetlink route = RouteNetlink.openIn(namespace)) {
            assertThat(inode("/proc/thread-self/ns/net")).isEqualTo(ours);
            assertThat(route.links()).extracting(NetworkLink::name).containsExactlyInAnyOrder("lo", "eth7", "peer7");
            // Its peer is down. The kernel follows such changes in the background.
            Eventually.within(
                    SOON,
                    () -> assertThat(link(route, "eth7").orElseThrow().state())
                            .contains(OperationalState.LOWER_LAYER_DOWN));
            NetworkLink eth7 = link(route, "eth7").orElseThrow();
            assertThat(route.addresses())
                    .filteredOn(address -> address.interfaceIndex() == eth7.index())
                    .extracting(address -> address.address().getHostAddress())
                    .containsExactly("192.0.2.7");

            inside("ip", "link", "set", "peer7", "up");

            Eventually.within(
                    SOON,
                    () -> assertThat(link(route, "eth7").orElseThrow().state()).contains(OperationalState.UP));
        }
    }

    private static long inode(String path) throws IOException {
        return ((Number) Files.getAttribute(Path.of(path), "unix:ino")).longValue();
    }

    @Test
    void longDumpComesInManyDatagrams() throws Exception {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            batch.append("link add a")
                    .append(i)
                    .append(" type veth peer name b")
                    .append(i)
                    .append('\n');
        }
        Path file = Files.createTempFile(name, ".batch");
        try {
            Files.writeString(file, batch);
            inside("ip", "-batch", file.toString());
        } finally {
            Files.delete(file);
        }

        try (RouteNetlink route = RouteNetlink.openIn(namespace)) {
            assertThat(route.links()).hasSize(203).doesNotHaveDuplicates();
        }
    }

    @Test
    void ourOwnNamespaceIsTheHostsWherePid1IsHidden(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("self"));
        Files.createSymbolicLink(directory.resolve("self/ns"), Path.of("/proc/self/ns"));

        try (RouteNetlink route = RouteNetlink.openOnHost(directory)) {
            assertThat(link(route, "lo")).isPresent();
            assertThat(link(route, "peer7")).isEmpty();
        }
        // Else JUnit warns that a link leads out of its directory.
        Files.delete(directory.resolve("self/ns"));
    }

    @Test
    void whatIsNoNamespaceIsNamedInTheError() {
        assertThatIOException()
                .isThrownBy(() -> RouteNetlink.openIn(Path.of("/run/netns", name + "-missing")))
                .withMessageContaining(name + "-missing")
                .withMessageContaining("ENOENT");
    }

    @Test
    void unknownRequestIsRefusedAndTheSocketStaysUsable() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.openIn(NetlinkChannel.NETLINK_ROUTE, namespace)) {
            assertThatExceptionOfType(NetlinkException.Refused.class)
                    .isThrownBy(() -> socket.command(new NetlinkRequest("nonsense", 999)))
                    .withMessage("nonsense: EOPNOTSUPP");
            assertThat(socket.dump(RouteMessage.links(), RouteMessage::link)).hasSize(3);
        }
    }

    @Test
    void familyHasANumberIfThereIsOne() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.openOnHost(NetlinkChannel.NETLINK_GENERIC, PROC)) {
            assertThat(GenericNetlink.family(socket, "TASKSTATS")).isPresent();
            assertThat(GenericNetlink.family(socket, "NO_SUCH_FAMILY")).isEmpty();
        }
    }

    @Test
    void processIsAccountedForWhileItLivesAndGoneAfterwards() throws Exception {
        try (TaskStats stats = TaskStats.open(PROC)) {
            Instant before = Instant.now();
            Process process = new ProcessBuilder("sleep", "60").start();
            int pid = Math.toIntExact(process.pid());
            try {
                TaskAccounting account = stats.ofProcess(pid).orElseThrow();
                assertThat(account.task()).isEqualTo(new Task.OfProcess(pid));
                assertThat(account.cpuDelayNanos()).isPresent();
                assertThat(account.blockIoDelayNanos()).isPresent();
                // The clock that it was stamped by may be a tick behind.
                assertThat(stats.ofThread(pid).orElseThrow().beginSeconds().orElseThrow())
                        .isBetween(before.getEpochSecond() - 1, Instant.now().getEpochSecond());
            } finally {
                process.destroyForcibly().waitFor();
            }

            assertThat(stats.ofProcess(pid)).isEmpty();
        }
    }

    @Test
    void exitIsHeardOfOnce() throws Exception {
        String cpus =
                Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
        try (TaskExits exits = TaskExits.open(PROC, cpus)) {
            Process process = new ProcessBuilder("true").start();
            process.waitFor();

            // Others on this machine end too.
            Task task = new Task.OfThread((int) process.pid());
            List<TaskAccounting> heard = new ArrayList<>();
            Eventually.within(SOON, () -> {
                exits.receive(Duration.ofMillis(100)).stream()
                        .filter(account -> account.task().equals(task))
                        .forEach(heard::add);
                assertThat(heard).hasSize(1);
            });
            assertThat(heard.getFirst().cpuDelayNanos()).isPresent();
            assertThat(exits.overflows()).isZero();
        }
    }

    @Test
    void overflowIsCountedAndListeningGoesOn() throws Exception {
        String cpus =
                Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
        NetlinkSocket small = NetlinkSocket.openOnHost(NetlinkChannel.NETLINK_GENERIC, PROC, 4_096);
        try (TaskExits exits = TaskExits.open(small, cpus)) {
            run("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do /bin/true; done");

            int heard = 0;
            while (exits.overflows() == 0) {
                heard += exits.receive(Duration.ofSeconds(2)).size();
                assertThat(heard).isLessThan(20);
            }

            assertThat(exits.overflows()).isEqualTo(1);
            Process process = new ProcessBuilder("true").start();
            process.waitFor();
            Eventually.within(
                    SOON,
                    () -> assertThat(exits.receive(Duration.ofMillis(100))).isNotEmpty());
        }
    }

    @Test
    void namespaceIsGivenANumberOnce() throws Exception {
        try (NamespaceIds ids = NamespaceIds.openOnHost(PROC)) {
            ids.give(namespace);

            assertThat(ids.give(namespace)).isFalse();
            assertThat(Command.run(List.of("ip", "netns", "list-id"))
                            .succeeded()
                            .out())
                    .containsPattern("nsid \\d+ \\(iproute2 netns name: " + name + "\\)");
            assertThatIOException()
                    .isThrownBy(() -> ids.give(Path.of("/run/netns", name + "-missing")))
                    .withMessageContaining("ENOENT");
        }
    }

    @Test
    void namespaceThatTracksNothingHasNoEntries() throws Exception {
        try (ConntrackTable table = ConntrackTable.openIn(namespace)) {
            List<Object> found = new ArrayList<>();
            table.translations(found::add);

            assertThat(found).isEmpty();
            assertThat(table.entries()).isZero();
        }
    }
}
