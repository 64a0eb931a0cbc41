package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.Cidr;
import io.nodetelemetry.model.PortRange;
import java.nio.file.Path;
import java.util.List;

/**
 * How TCP is counted.
 *
 * @param cgroupRoot where cgroup file systems are seen
 * @param hostNetns inode number of the host's network namespace: only there do loopback destinations count
 * @param tracked networks whose destinations count
 * @param ephemeral ports that are nobody's for long, at most 8 ranges
 * @param maxDestinationsPerCgroup rows of one cgroup
 * @param maxDestinations rows of (cgroup, destination)
 * @param maxListeners rows of (cgroup, listening address)
 * @param maxCgroups rows of what found no room among the destinations
 */
public record TcpSettings(
        Path cgroupRoot,
        int hostNetns,
        List<Cidr> tracked,
        List<PortRange> ephemeral,
        int maxDestinationsPerCgroup,
        int maxDestinations,
        int maxListeners,
        int maxCgroups) {
    /** {@code MAX_EPHEMERAL_RANGES} of {@code tcp_config.h}. */
    static final int MAX_EPHEMERAL_RANGES = 8;

    /** Few of them are on their way at a time; and more than a dozen, as the kernel hands out this map's room in batches. */
    int maxTranslations() {
        return Math.max(1 << 10, maxDestinations / 2);
    }

    /** Private networks, which are always tracked: RFC 1918, RFC 6598 (carrier-grade NAT), RFC 4193. */
    public static final List<Cidr> PRIVATE_NETWORKS = List.of(
            Cidr.parse("10.0.0.0/8"),
            Cidr.parse("172.16.0.0/12"),
            Cidr.parse("192.168.0.0/16"),
            Cidr.parse("100.64.0.0/10"),
            Cidr.parse("fc00::/7"));
}
