package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is asked from one network namespace at a time.
 *
 * @param processes some that lie in it, or did
 * @param targets and which containers want to know
 */
record PingTask(NetworkNamespace namespace, List<Integer> processes, Map<SocketAddress, List<ContainerId>> targets) {
    /** More requests at once would come in bursts. */
    static final int MAX_TARGETS = 100;

    /** The same in parts that are small enough. */
    List<PingTask> split() {
        List<PingTask> parts = new ArrayList<>();
        Map<SocketAddress, List<ContainerId>> part = new LinkedHashMap<>();
        for (Map.Entry<SocketAddress, List<ContainerId>> target : targets.entrySet()) {
            if (part.size() == MAX_TARGETS) {
                parts.add(new PingTask(namespace, processes, part));
                part = new LinkedHashMap<>();
            }
            part.put(target.getKey(), target.getValue());
        }
        parts.add(new PingTask(namespace, processes, part));
        return parts;
    }

    /** A target was asked; tells all who want to know. */
    void tell(RoundTrips roundTrips, SocketAddress target, OptionalLong nanos) {
        targets.getOrDefault(target, List.of())
                .forEach(container -> roundTrips.update(new RoundTrips.Key(container, target), nanos));
    }

    /** None was asked. */
    void tellNone(RoundTrips roundTrips) {
        targets.keySet().forEach(target -> tell(roundTrips, target, OptionalLong.empty()));
    }
}
