package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.LogDecoder;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerLogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The log files that are read, as the plan wants them. For the thread that reads logs. */
final class FollowedFiles implements AutoCloseable {
    /** From then on nothing is written any more by a container that ended, or by what it left behind. */
    private static final Duration AFTER_END = Duration.ofSeconds(10);

    /** A log of a container, by the path that its runtime has for it. */
    record Place(ContainerKey container, String path) {}

    private record Reading(LogTail.Followed followed, FileLog log) {}

    private final LogTail tail;
    private final LogsState state;
    private final UnaryOperator<Path> onHost;
    private final Map<Place, Reading> readings = new HashMap<>();
    private final List<FileLog> catchingUp = new ArrayList<>();
    private LogPlan plan = LogPlan.EMPTY;

    /**
     * Nothing is read yet.
     *
     * @param onHost the way to a path that a runtime names
     */
    FollowedFiles(LogTail tail, LogsState state, UnaryOperator<Path> onHost) {
        this.tail = tail;
        this.state = state;
        this.onHost = onHost;
    }

    /** Reads what the plan wants, and nothing else any more. */
    void apply(LogPlan next) throws IOException {
        plan = next;
        Set<Place> wanted = new HashSet<>();
        for (LogPlan.Member member : plan.members()) {
            ContainerLogFile file = member.runtimeFile().orElse(null);
            LogBearer bearer = state.ledger().bearer(member.key()).orElse(null);
            if (file != null && bearer != null) {
                Place place = new Place(member.key(), file.path().toString());
                wanted.add(place);
                boolean isLeft = member.ended() && state.left().containsKey(place);
                if (!readings.containsKey(place) && !isLeft) {
                    follow(place, file, member.begin(), bearer);
                }
            }
        }
        closeAllBut(wanted);
        state.left().keySet().retainAll(wanted);
    }

    private void follow(Place place, ContainerLogFile file, LogPlan.Begin begin, LogBearer bearer) throws IOException {
        Optional<Instant> left = Optional.ofNullable(state.left().get(place));
        OldLines old = left.or(begin::since)
                .map(since -> OldLines.before(since, file.format()))
                .orElseGet(OldLines::none);
        FileLog log = new FileLog(
                new LogSource(bearer, "stdout/stderr"), lines -> LogDecoder.of(file.format(), lines), old, state);
        catchingUp.add(log);
        Beginning at = left.isPresent() ? Beginning.START : begin.at();
        LogFileLocation where = new LogFileLocation.OnHost(onHost.apply(file.path()));
        readings.put(place, new Reading(tail.follow(where, at, log), log));
    }

    /** All was read that there is for now. */
    void caughtUp() {
        catchingUp.forEach(FileLog::caughtUp);
        catchingUp.clear();
    }

    /** Lets go of the logs of containers that have ended, once they are read: a deleted file would keep its disk space. */
    void leaveEnded() {
        for (LogPlan.Member member : plan.members()) {
            if (member.ended() && member.runtimeFile().isPresent()) {
                Place place = new Place(
                        member.key(), member.runtimeFile().get().path().toString());
                Reading reading = readings.get(place);
                if (reading != null && reading.followed().isQuietFor(AFTER_END)) {
                    leave(place, reading);
                    readings.remove(place);
                }
            }
        }
    }

    private void leave(Place place, Reading reading) {
        reading.followed().close();
        reading.log().end();
        state.left().put(place, state.clock().instant());
    }

    private void closeAllBut(Set<Place> wanted) {
        readings.entrySet().removeIf(entry -> {
            boolean goes = !wanted.contains(entry.getKey());
            if (goes) {
                leave(entry.getKey(), entry.getValue());
            }
            return goes;
        });
    }

    /** Reads nothing any more. */
    @Override
    public void close() {
        closeAllBut(Set.of());
    }
}
