package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A host of a {@link TestNetwork}: a network namespace with {@code eth0}, loopback and a process that keeps it. */
public final class TestHost implements AutoCloseable {
    /** Addresses that no host has: what becomes of them is up to the test, by {@link #nft}. */
    public static final String SERVICES_IPV4 = "10.96.0.0/16";

    /** The same of the other family. */
    public static final String SERVICES_IPV6 = "fd96::/64";

    private final String name;
    private final int number;
    private final Process keeper;

    private TestHost(String name, int number, Process keeper) {
        this.name = name;
        this.number = number;
        this.keeper = keeper;
    }

    static TestHost open(String name, int number) {
        try {
            // cat ends when the other end of its input is closed, be it by the death of this JVM.
            Process keeper = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec cat")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            TestHost host = new TestHost(name, number, keeper);
            // Only what was said after unshare(2) tells that the namespace is there.
            if (keeper.getInputStream().read() != 'r') {
                host.close();
                throw new AssertionError("no network namespace for " + name + "; needs root and util-linux");
            }
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void bringUp() {
        run("ip", "link", "set", "lo", "up").succeeded();
        run("ip", "address", "add", ipv4() + "/24", "dev", "eth0").succeeded();
        // Without duplicate address detection, which takes a second before the address can be used.
        run("ip", "address", "add", ipv6() + "/64", "dev", "eth0", "nodad").succeeded();
        run("ip", "link", "set", "eth0", "up").succeeded();
        run("ip", "route", "add", SERVICES_IPV4, "dev", "eth0").succeeded();
        run("ip", "-6", "route", "add", SERVICES_IPV6, "dev", "eth0").succeeded();
    }

    /** Its IPv4 address. */
    public String ipv4() {
        return "10.77.0." + number;
    }

    /** Its IPv6 address, as the kernel writes it. */
    public String ipv6() {
        return "fd77::" + Integer.toHexString(number);
    }

    /** Its address of one family. */
    public String ip(boolean ipv6) {
        return ipv6 ? ipv6() : ipv4();
    }

    /** A process that lies in its namespace: {@code /proc/<pid>/ns/net}, {@code /proc/<pid>/net}. */
    public long pid() {
        return keeper.pid();
    }

    /** A command line of the shell, such as {@link TestCgroup#start} takes, that runs another one in this host. */
    public String inside(String command) {
        return "nsenter --net=/proc/" + pid() + "/ns/net -- " + command;
    }

    /** The same as words. */
    public List<String> inside(List<String> command) {
        return Stream.concat(
                        // "ip netns exec" would mount a new /sys, without the cgroups.
                        Stream.of("nsenter", "--net=/proc/" + pid() + "/ns/net", "--"), command.stream())
                .toList();
    }

    /** Runs a program of the machine in this host, to its end. */
    public Command run(String... command) {
        return Command.run(inside(List.of(command)));
    }

    /** Adds to this host's firewall, such as {@code table ip x { chain y { ... }; }}. */
    public void nft(String rules) {
        run("nft", rules).succeeded();
    }

    /** Removes all rules of this host's firewall that {@link #nft} made. */
    public void nftFlush() {
        run("nft", "flush ruleset").succeeded();
    }

    /** Every segment that comes in for this port is dropped, so that connects time out. */
    public void blackHole(int port) {
        nft(String.format(
                Locale.ROOT,
                "table inet hole%d { chain in { type filter hook input priority 0; policy accept;"
                        + " tcp dport %d drop; }; }",
                port,
                port));
    }

    /**
     * Of the segments with payload that come in, one in so many is dropped: the first, and then each that ends a round.
     * Handshakes are left alone.
     */
    public void loseData(int oneIn) {
        nft(String.format(
                Locale.ROOT,
                "table inet loss { chain in { type filter hook input priority -10; policy accept;"
                        + " meta l4proto tcp meta length > 100 numgen inc mod %d == 0 drop; }; }",
                oneIn));
    }

    /**
     * A counter of the namespace, by proc_net_snmp; of TCP these are of both address families.
     *
     * @param protocol such as {@code Tcp}
     * @param counter such as {@code RetransSegs}
     */
    public long counter(String protocol, String counter) {
        try {
            List<String[]> lines = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/net/snmp"))) {
                if (line.startsWith(protocol + ":")) {
                    lines.add(line.split(" ", -1));
                }
            }
            return Long.parseLong(lines.getLast()[List.of(lines.getFirst()).indexOf(counter)]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        keeper.destroy();
    }

    @Override
    public String toString() {
        return name;
    }
}
