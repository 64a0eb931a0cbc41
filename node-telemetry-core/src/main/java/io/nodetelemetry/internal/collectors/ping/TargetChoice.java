package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.internal.state.Peers;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whom of a container's peers to ask: those it talked to last, as many as are allowed. For the agent's thread. */
final class TargetChoice {
    private final int maxTargets;
    /** How many were left out per container at most: each is counted once. */
    private Map<ContainerId, Integer> surpluses = Map.of();

    private long dropped;

    TargetChoice(int maxTargets) {
        this.maxTargets = maxTargets;
    }

    /** The targets of each container that has any: addresses of port 0, each once. */
    Map<ContainerId, List<SocketAddress>> choose(Peers peers) {
        Map<ContainerId, Map<SocketAddress, Long>> all = new HashMap<>();
        peers.visit((container, address, lastNanos) -> {
            SocketAddress target = address.withPort(0);
            Map<SocketAddress, Long> its = all.computeIfAbsent(container, key -> new HashMap<>());
            if (its.containsKey(target) || isAnswerable(target)) {
                its.merge(target, lastNanos, Math::max);
            }
        });
        Map<ContainerId, Integer> before = surpluses;
        surpluses = new HashMap<>();
        Map<ContainerId, List<SocketAddress>> chosen = new HashMap<>();
        all.values().removeIf(Map::isEmpty);
        all.forEach((container, targets) -> {
            int surplus = Math.max(targets.size() - maxTargets, before.getOrDefault(container, 0));
            dropped += surplus - before.getOrDefault(container, 0);
            surpluses.put(container, surplus);
            chosen.put(container, latest(targets));
        });
        return chosen;
    }

    private List<SocketAddress> latest(Map<SocketAddress, Long> targets) {
        if (targets.size() <= maxTargets) {
            return List.copyOf(targets.keySet());
        }
        return targets.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(maxTargets)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether one host answers to it: a link-local address means another one on each interface. */
    private static boolean isAnswerable(SocketAddress target) {
        InetAddress address = target.toInetAddress();
        return !target.isWildcard()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && (target.isIpv4() || !address.isLinkLocalAddress());
    }

    /** Targets that were left out as their container had too many. */
    long dropped() {
        return dropped;
    }
}
