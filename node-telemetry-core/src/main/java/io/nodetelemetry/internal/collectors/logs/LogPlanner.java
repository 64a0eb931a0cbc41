package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.Reporting;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out from what is known of containers whose logs are to be read. For the agent's thread. */
final class LogPlanner {
    /** A container may have written before its cgroup was noticed. */
    private static final Duration NOTICED_WITHIN = Duration.ofMinutes(1);

    private final ContainerRegistry registry;
    private final boolean fromBeginning;
    private @Nullable Instant firstLook;
    /** Those of the last plan, kept while nothing changes. */
    private Map<ContainerKey, LogPlan.Member> members = new LinkedHashMap<>();

    private Set<ContainerKey> hidden = Set.of();
    private List<WrittenLog> written = List.of();

    /** @param fromBeginning whether what was written before the first look counts too */
    LogPlanner(ContainerRegistry registry, boolean fromBeginning) {
        this.registry = registry;
        this.fromBeginning = fromBeginning;
    }

    /**
     * What is to be done from now on; empty if it is the same as last time.
     *
     * @param writtenNow files that containers have open
     */
    Optional<LogPlan> next(Instant now, List<WrittenLog> writtenNow) {
        boolean isFirst = firstLook == null;
        if (firstLook == null) {
            firstLook = now;
        }
        Map<ContainerKey, LogPlan.Member> found = new LinkedHashMap<>();
        Set<ContainerKey> foundHidden = new HashSet<>();
        boolean same = true;
        for (Container container : registry.containers()) {
            ContainerKey key = container.key();
            if (container.reporting() == Reporting.HIDDEN) {
                foundHidden.add(key);
            } else {
                LogPlan.Member before = members.get(key);
                LogPlan.Member member = member(container, before, isFirst ? null : firstLook);
                same &= member.equals(before);
                found.put(key, member);
            }
        }
        same &= found.size() == members.size() && foundHidden.equals(hidden) && writtenNow.equals(written);
        if (same) {
            return Optional.empty();
        }
        members = found;
        hidden = foundHidden;
        written = writtenNow;
        return Optional.of(new LogPlan(new ArrayList<>(found.values()), written, foundHidden));
    }

    private LogPlan.Member member(Container container, LogPlan.@Nullable Member before, @Nullable Instant first) {
        Optional<ContainerId> id = container.id();
        boolean ended = container.endedAt().isPresent();
        Optional<ContainerLogFile> file = container.metadata().flatMap(ContainerMetadata::logFile);
        if (before != null
                && before.id().equals(id)
                && before.ended() == ended
                && before.runtimeFile().equals(file)) {
            return before;
        }
        LogPlan.Begin begin = before == null ? begin(container.startedAt(), first) : before.begin();
        return new LogPlan.Member(container.key(), id, begin, ended, file);
    }

    /** @param first when it was looked first, without seeing this container; null if that is now */
    private LogPlan.Begin begin(Instant startedAt, @Nullable Instant first) {
        if (fromBeginning) {
            return new LogPlan.Begin(Beginning.START, Optional.empty());
        }
        if (first == null) {
            return new LogPlan.Begin(Beginning.END, Optional.empty());
        }
        Instant since = startedAt.minus(NOTICED_WITHIN);
        // Unless the clock was set back, nothing was written for us before the first look.
        boolean tooEarly = since.isBefore(first) && first.isBefore(startedAt);
        return new LogPlan.Begin(Beginning.START, Optional.of(tooEarly ? first : since));
    }

    /** What was planned is not carried out any more. */
    void forget() {
        firstLook = null;
        members = new LinkedHashMap<>();
        hidden = Set.of();
        written = List.of();
    }
}
