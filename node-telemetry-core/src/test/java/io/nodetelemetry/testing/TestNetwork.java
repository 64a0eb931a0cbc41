package io.nodetelemetry.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hosts at a bridge, on one machine: a network namespace each, joined by veth pairs, with addresses of both families.
 * The bridge lies in a namespace of its own, so the machine's interfaces, routes and firewall stay as they are.
 *
 * <p>A namespace lives as long as a process in it, which ends when this JVM does, however that ends: there are no names
 * to clash, and nothing to clean up after a failure. Needs root, iproute2 and nftables.
 *
 * <pre>{@code
 * try (TestNetwork network = TestNetwork.of("client", "server")) {
 *     TestHost server = network.host("server");
 *     network.host("client").run("ping", "-c", "1", server.ipv4()).succeeded();
 * }
 * }</pre>
 */
public final class TestNetwork implements AutoCloseable {
    private final TestHost bridge = TestHost.open("bridge", 0);
    private final Map<String, TestHost> hosts = new LinkedHashMap<>();

    private TestNetwork() {}

    /** Makes hosts of these names; their addresses are 10.77.0.1 and fd77::1, 10.77.0.2 and fd77::2, and so on. */
    public static TestNetwork of(String... names) {
        TestNetwork network = new TestNetwork();
        try {
            network.bridge.run("ip", "link", "add", "bridge", "type", "bridge").succeeded();
            network.bridge.run("ip", "link", "set", "bridge", "up").succeeded();
            for (String name : names) {
                network.add(name);
            }
            return network;
        } catch (RuntimeException | AssertionError e) {
            network.close();
            throw e;
        }
    }

    private void add(String name) {
        TestHost host = TestHost.open(name, hosts.size() + 1);
        hosts.put(name, host);
        String port = "port" + hosts.size();
        List<String> pair = new ArrayList<>(List.of("ip", "link", "add", port, "type", "veth"));
        pair.addAll(List.of("peer", "name", "eth0", "netns", Long.toString(host.pid())));
        bridge.run(pair.toArray(String[]::new)).succeeded();
        bridge.run("ip", "link", "set", port, "master", "bridge", "up").succeeded();
        host.bringUp();
    }

    /** One of its hosts. */
    public TestHost host(String name) {
        TestHost host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("no host " + name + " among " + hosts.keySet());
        }
        return host;
    }

    /** Lets the namespaces go; the last program that still runs in one keeps it. */
    @Override
    public void close() {
        hosts.values().forEach(TestHost::close);
        bridge.close();
    }
}
