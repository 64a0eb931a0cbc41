package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerLogFile;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose logs are to be read, and where they are. Immutable: made on the agent's thread, carried out on another.
 */
final class LogPlan {
    static final LogPlan EMPTY = new LogPlan(List.of(), List.of(), Set.of());

    /**
     * A container or service, running or ended not long ago.
     *
     * @param id under which it is reported; empty while it is not, be it because its name is awaited or as it is too young:
     *     its messages are counted already
     * @param begin where the file of its runtime is begun
     * @param ended whether nothing runs in it any more
     * @param runtimeFile that its runtime writes; empty if there is none, or not known yet
     */
    record Member(
            ContainerKey key,
            Optional<ContainerId> id,
            Begin begin,
            boolean ended,
            Optional<ContainerLogFile> runtimeFile) {}

    /**
     * Where a runtime's file is begun.
     *
     * @param since lines that the runtime wrote before are passed over: the file may be from another run of the container;
     *     empty to take all
     */
    record Begin(Beginning at, Optional<Instant> since) {}

    private final Map<ContainerKey, Member> members = new LinkedHashMap<>();
    private final List<WrittenLog> written;
    private final Set<ContainerKey> hidden;

    /**
     * A plan.
     *
     * @param written files below {@code /var/log/} that members have open for writing
     * @param hidden containers that are never reported, so that nothing of them is read
     */
    LogPlan(List<Member> members, List<WrittenLog> written, Set<ContainerKey> hidden) {
        members.forEach(member -> this.members.put(member.key(), member));
        this.written = List.copyOf(written);
        this.hidden = Set.copyOf(hidden);
    }

    Collection<Member> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    List<WrittenLog> written() {
        return written;
    }

    /** Whether nothing runs any more in a container. */
    boolean hasEnded(ContainerKey key) {
        Member member = members.get(key);
        return member != null && member.ended();
    }

    boolean contains(ContainerKey key) {
        return members.containsKey(key);
    }

    boolean isHidden(ContainerKey key) {
        return hidden.contains(key);
    }
}
