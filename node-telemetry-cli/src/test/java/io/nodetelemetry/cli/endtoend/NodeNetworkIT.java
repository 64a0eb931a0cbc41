package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The interfaces of a node whose network nobody else uses: what the agent shows is what the test sent. */
@RequiresKernel
class NodeNetworkIT {
    private static final String PORT = "9400";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String RECEIVED = "node_net_received_bytes_total";
    private static final Pattern COUNTERS = Pattern.compile(
            "\"rx\":\\{\"bytes\":(\\d+),\"packets\":(\\d+).*\"tx\":\\{\"bytes\":(\\d+),\"packets\":(\\d+)");

    private final String node = "nt-node-it-" + ProcessHandle.current().pid();
    private final String peer = node + "-peer";

    /** Two hosts on a wire that is silent until it is used: no IPv6 of the kernel's own, no ARP. */
    @BeforeEach
    void makeNode() {
        run("ip", "netns", "add", node);
        run("ip", "netns", "add", peer);
        on(node, "ip", "link", "add", "eth7", "type", "veth", "peer", "name", "far7", "netns", peer);
        on(node, "ip", "link", "add", "other0", "type", "veth", "peer", "name", "other1");
        for (String[] end : new String[][] {{node, "eth7"}, {peer, "far7"}}) {
            on(end[0], "ip", "link", "set", end[1], "addrgenmode", "none");
            on(end[0], "ip", "link", "set", end[1], "multicast", "off");
        }
        on(node, "ip", "addr", "add", "192.0.2.7/24", "dev", "eth7");
        on(node, "ip", "addr", "add", "169.254.7.7/16", "dev", "eth7");
        on(node, "ip", "addr", "add", "2001:db8::7/64", "dev", "eth7", "nodad");
        on(peer, "ip", "addr", "add", "192.0.2.8/24", "dev", "far7");
        on(node, "ip", "link", "set", "eth7", "address", "02:00:00:00:00:07");
        on(peer, "ip", "link", "set", "far7", "address", "02:00:00:00:00:08");
        on(node, "ip", "neigh", "add", "192.0.2.8", "lladdr", "02:00:00:00:00:08", "dev", "eth7");
        on(peer, "ip", "neigh", "add", "192.0.2.7", "lladdr", "02:00:00:00:00:07", "dev", "far7");
        on(node, "ip", "link", "set", "lo", "up");
        on(node, "ip", "link", "set", "eth7", "up");
        on(peer, "ip", "link", "set", "far7", "up");
    }

    @AfterEach
    void removeNode() {
        run("ip", "netns", "del", node);
        run("ip", "netns", "del", peer);
    }

    private static String run(String... command) {
        return Command.run(List.of(command)).succeeded().out();
    }

    private static String on(String namespace, String... command) {
        return run(Stream.concat(Stream.of("nsenter", "--net=/run/netns/" + namespace), Stream.of(command))
                .toArray(String[]::new));
    }

    /** Its own process stands in for PID 1, whose network namespace is the host's. */
    private AgentProcess startOnNode() {
        AgentProcess agent = AgentProcess.launchBy(
                List.of(
                        "nsenter",
                        "--net=/run/netns/" + node,
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount --bind /proc/$$ /proc/1 && exec \"$@\"",
                        "sh"),
                "--listen=127.0.0.1:" + PORT);
        try {
            Eventually.within(Duration.ofSeconds(60), this::scrape, agent::isAlive);
            return agent;
        } catch (AssertionError e) {
            agent.close();
            throw new AssertionError(e.getMessage() + "\nthe agent wrote: " + agent.err(), e);
        }
    }

    private Scrape scrape() {
        return Scrape.parse(on(node, "curl", "-sS", "-f", "http://127.0.0.1:" + PORT + "/metrics"));
    }

    private double value(Scrape scrape, String name) {
        return scrape.value(name, "interface", "eth7").orElseThrow();
    }

    /** Bytes and packets received, bytes and packets sent, as another program tells them. */
    private List<Double> counters() {
        String json = on(node, "ip", "-j", "-s", "link", "show", "eth7");
        Matcher matcher = COUNTERS.matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return Stream.of(1, 2, 3, 4)
                .map(group -> Double.valueOf(matcher.group(group)))
                .toList();
    }

    private List<Double> counters(Scrape scrape) {
        return Stream.of(
                        RECEIVED,
                        "node_net_received_packets_total",
                        "node_net_transmitted_bytes_total",
                        "node_net_transmitted_packets_total")
                .map(name -> value(scrape, name))
                .toList();
    }

    @Test
    void bytesAndPacketsAreThoseThatWereSent() {
        try (AgentProcess agent = startOnNode()) {
            assertThat(agent.isAlive()).isTrue();
            List<Double> before = counters();
            Eventually.within(SOON, () -> assertThat(counters(scrape())).isEqualTo(before));

            // 100 bytes after 14 of Ethernet, 20 of IP and 8 of ICMP; each is answered by one of the same length.
            on(peer, "busybox", "ping", "-c", "3", "-s", "100", "192.0.2.7");

            List<Double> expected =
                    List.of(before.get(0) + 3 * 142, before.get(1) + 3, before.get(2) + 3 * 142, before.get(3) + 3);
            Eventually.within(SOON, () -> assertThat(counters(scrape())).isEqualTo(expected));
            assertThat(counters()).isEqualTo(expected);
        }
    }

    @Test
    void interfacesOfTheNodeWithTheirStateAndAddresses() {
        try (AgentProcess agent = startOnNode()) {
            assertThat(agent.isAlive()).isTrue();
            Eventually.within(SOON, () -> {
                Scrape scrape = scrape();
                assertThat(scrape.series("node_net_interface_up"))
                        .extracting(series -> series.labels().get("interface"))
                        .containsExactly("eth7");
                assertThat(value(scrape, "node_net_interface_up")).isEqualTo(1);
                assertThat(scrape.series("node_net_interface_ip"))
                        .extracting(series -> series.labels().get("ip"))
                        .containsExactlyInAnyOrder("192.0.2.7", "2001:db8::7");
            });
            assertThat(on(node, "ip", "-j", "addr", "show", "eth7"))
                    .contains("\"192.0.2.7\"", "\"169.254.7.7\"", "\"2001:db8::7\"");

            on(node, "ip", "link", "set", "eth7", "down");
            Eventually.within(
                    SOON,
                    () -> assertThat(value(scrape(), "node_net_interface_up")).isZero());

            on(node, "ip", "link", "del", "eth7");
            Eventually.within(SOON, () -> assertThat(scrape().text()).doesNotContain("eth7"));
            assertThat(agent.err()).doesNotContain("\tat ");
        }
    }
}
