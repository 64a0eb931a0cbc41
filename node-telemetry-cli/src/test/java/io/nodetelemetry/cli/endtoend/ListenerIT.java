package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.TcpMetric.LISTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import io.nodetelemetry.testing.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who listens where, in namespaces that the agent does not share; half of it is older than the agent. */
@RequiresKernel
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListenerIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** How long addresses of a namespace are believed, and some more. */
    private static final Duration ADDRESSES_KNOWN = Duration.ofSeconds(60);

    private final TestNetwork network = TestNetwork.of("plain", "six", "changing");
    private final TestHost plain = network.host("plain");
    private final TestHost six = network.host("six");
    private final Workload older = new Workload("listen-older", plain);
    private final Workload olderSix = new Workload("listen-older-six", six);
    private final AgentProcess agent;

    ListenerIT() {
        older.start("tcpserver 7401 0.0.0.0");
        older.start("tcpserver 7402 ::");
        older.start("tcpserver 7403 127.0.0.1");
        older.start("tcpserver 7404 " + plain.ipv6());
        six.run("sysctl", "-qw", "net.ipv6.bindv6only=1").succeeded();
        olderSix.start("tcptraffic serve 7405 ::");
        agent = AgentProcess.start();
    }

    @AfterAll
    void stop() {
        agent.close();
        older.close();
        olderSix.close();
        network.close();
    }

    private Map<String, Double> listeners(String container) {
        return agent.scrape().samples().entrySet().stream()
                .filter(sample -> sample.getKey().name().equals(LISTEN.family()))
                .filter(sample -> container.equals(sample.getKey().labels().get("container_id")))
                .collect(Collectors.toMap(
                        sample -> String.valueOf(sample.getKey().labels().get("listen_addr")), Map.Entry::getValue));
    }

    @Test
    void thoseOlderThanTheAgentAreExpandedByFamily() {
        Eventually.within(
                SOON,
                () -> assertThat(listeners(older.id()))
                        .containsOnly(
                                Map.entry("10.77.0.1:7401", 1.0),
                                Map.entry("10.77.0.1:7402", 1.0),
                                Map.entry("[fd77::1]:7402", 1.0),
                                Map.entry("[fd77::1]:7404", 1.0)));
        Eventually.within(
                SOON, () -> assertThat(listeners(olderSix.id())).containsOnly(Map.entry("[fd77::2]:7405", 1.0)));
    }

    @Test
    void thoseThatBeginLaterAreTheSameAndAreZeroWhenTheyEnd() {
        try (Workload newer = new Workload("listen-newer", plain);
                Workload newerSix = new Workload("listen-newer-six", six)) {
            newer.start("tcpserver 7411 0.0.0.0");
            Process second = newer.start("tcpserver 7412 ::");
            newer.start("tcpserver 7413 ::1");
            newerSix.start("tcptraffic serve 7415 ::");

            Eventually.within(
                    SOON,
                    () -> assertThat(listeners(newer.id()))
                            .containsOnly(
                                    Map.entry("10.77.0.1:7411", 1.0),
                                    Map.entry("10.77.0.1:7412", 1.0),
                                    Map.entry("[fd77::1]:7412", 1.0)));
            Eventually.within(
                    SOON, () -> assertThat(listeners(newerSix.id())).containsOnly(Map.entry("[fd77::2]:7415", 1.0)));

            second.destroy();
            Eventually.within(
                    SOON,
                    () -> assertThat(listeners(newer.id()))
                            .containsEntry("10.77.0.1:7412", 0.0)
                            .containsEntry("[fd77::1]:7412", 0.0)
                            .containsEntry("10.77.0.1:7411", 1.0));
        }
    }

    @Test
    void addressesThatComeLaterAreFoundThoughTheProcessThatListenedIsGone() throws Exception {
        TestHost changing = network.host("changing");
        try (Workload left = new Workload("listen-left", changing)) {
            Process parent = left.start("tcptraffic bequeath 7421 ::");
            assertThat(parent.waitFor()).isZero();
            Eventually.within(
                    SOON, () -> assertThat(listeners(left.id())).containsOnlyKeys("10.77.0.3:7421", "[fd77::3]:7421"));

            changing.run("ip", "address", "add", "10.77.0.33/24", "dev", "eth0").succeeded();
            changing.run("ip", "address", "add", "fd77::33/64", "dev", "eth0", "nodad")
                    .succeeded();
            Eventually.within(
                    ADDRESSES_KNOWN,
                    () -> assertThat(listeners(left.id()).keySet())
                            .isEqualTo(
                                    Set.of("10.77.0.3:7421", "[fd77::3]:7421", "10.77.0.33:7421", "[fd77::33]:7421")));
        }
    }

    @Test
    void loopbackOfTheMachineItselfIsShown() throws Exception {
        int port = AgentProcess.freePort();
        try (TestCgroup cgroup = TestCgroup.create("listen-machine")) {
            Process server = cgroup.start(LoadDriver.folder() + "/tcpserver " + port + " 0.0.0.0");
            List<String> own = localAddresses();

            Eventually.within(
                    SOON,
                    () -> assertThat(listeners(cgroup.path()).keySet())
                            .contains("127.0.0.1:" + port)
                            .containsAll(own.stream()
                                    .map(address -> address + ":" + port)
                                    .toList()));
            server.destroy();
            server.waitFor();
        }
    }

    /** IPv4 addresses of the machine that are not link-local. */
    private static List<String> localAddresses() {
        return Command.run(List.of("ip", "-4", "-o", "address"))
                .succeeded()
                .out()
                .lines()
                .map(line -> line.replaceAll(".* inet ([0-9.]+)[/ ].*", "$1"))
                .filter(address -> !address.startsWith("169.254."))
                .toList();
    }
}
