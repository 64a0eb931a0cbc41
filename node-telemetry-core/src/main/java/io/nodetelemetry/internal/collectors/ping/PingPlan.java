package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is to be asked, from where. Immutable: made on the agent's thread, carried out on another.
 *
 * @param members containers that run and have somebody to ask
 */
record PingPlan(List<Member> members) {
    static final PingPlan EMPTY = new PingPlan(List.of());

    /**
     * A container.
     *
     * @param cgroups those of all containers of that name
     * @param targets addresses, of port 0, each once
     */
    record Member(ContainerId id, Map<CgroupRef, CgroupPath> cgroups, List<SocketAddress> targets) {
        Member {
            // Outer ones come first.
            cgroups = Collections.unmodifiableMap(new LinkedHashMap<>(cgroups));
            targets = List.copyOf(targets);
        }
    }

    PingPlan {
        members = List.copyOf(members);
    }

    /** Every measurement that the plan asks for. */
    Set<RoundTrips.Key> keys() {
        Set<RoundTrips.Key> keys = new HashSet<>();
        for (Member member : members) {
            member.targets().forEach(target -> keys.add(new RoundTrips.Key(member.id(), target)));
        }
        return keys;
    }
}
