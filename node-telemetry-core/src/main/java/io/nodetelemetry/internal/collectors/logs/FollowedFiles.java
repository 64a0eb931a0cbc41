package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.LogDecoder;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.Bookmark;
import io.nodetelemetry.internal.source.logfile.HeldFiles;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The log files that are read, as the plan wants them. For the thread that reads logs. */
final class FollowedFiles implements AutoCloseable {
    /** The label {@code source} of what a runtime keeps. */
    private static final String OUTPUT = "stdout/stderr";

    /** From then on nothing is written any more by a container that ended, or by what it left behind. */
    private static final Duration AFTER_END = Duration.ofSeconds(10);

    /** A file that nobody has open may be opened again: some programs do for each line. */
    private static final Duration AFTER_CLOSE = Duration.ofMinutes(10);

    private static final int MAX_WRITTEN_LOGS = 64;

    /** Logs of all containers of which is remembered where they were left; one that is forgotten begins anew. */
    static final int MAX_LEFT = 4_096;

    /**
     * A log of a container.
     *
     * @param source that of its runtime, or a path
     */
    record Place(ContainerKey container, String source) {}

    private record Reading(LogBearer bearer, LogTail.Followed followed, FileLog log, LogFileLocation where) {}

    private final LogTail tail;
    private final LogsState state;
    private final UnaryOperator<Path> onHost;
    private final NewLogs newLogs;
    private final Map<Place, Reading> readings = new HashMap<>();
    private final List<FileLog> catchingUp = new ArrayList<>();
    /** Those of the plan that are not read as there are too many: each is counted once. */
    private final Set<Place> refused = new HashSet<>();

    private LogPlan plan = LogPlan.EMPTY;

    /**
     * Nothing is read yet.
     *
     * @param onHost the way to a path that a runtime names
     * @param newLogs asked for logs in which something may be before a plan names their containers
     */
    FollowedFiles(LogTail tail, LogsState state, UnaryOperator<Path> onHost, NewLogs newLogs) {
        this.tail = tail;
        this.state = state;
        this.onHost = onHost;
        this.newLogs = newLogs;
    }

    /** Reads what the plan wants, too. The ledger knows the plan already. */
    void apply(LogPlan next) throws IOException {
        plan = next;
        containersChanged();
        for (LogPlan.Member member : plan.members()) {
            ContainerLogFile file = member.runtimeFile().orElse(null);
            LogBearer bearer = state.ledger().bearer(member.key()).orElse(null);
            if (file != null && bearer != null) {
                Place place = new Place(member.key(), OUTPUT);
                boolean isDone = member.ended() && state.left().containsKey(place);
                if (!readings.containsKey(place) && !isDone) {
                    Path path = onHost.apply(file.path());
                    listenBeside(path, file.format());
                    boolean goesOn = Optional.ofNullable(state.left().get(place))
                            .flatMap(LeftLog::mark)
                            .isPresent();
                    HeldFiles held =
                            file.format() == ContainerLogFile.Format.DOCKER_JSON && !goesOn ? newLogs.hold(path) : null;
                    followRuntime(place, path, file.format(), member.begin(), bearer, held);
                }
            }
        }
        refused.retainAll(written());
        for (WrittenLog written : plan.written()) {
            applyWritten(written);
        }
    }

    private Set<Place> written() {
        return plan.written().stream()
                .map(written -> new Place(written.container(), written.where().path()))
                .collect(Collectors.toSet());
    }

    private void listenBeside(Path log, ContainerLogFile.Format format) {
        Path container = log.getParent();
        if (format == ContainerLogFile.Format.DOCKER_JSON && container != null && container.getParent() != null) {
            newLogs.listenTo(container.getParent());
        }
    }

    private void followRuntime(
            Place place,
            Path path,
            ContainerLogFile.Format format,
            LogPlan.Begin begin,
            LogBearer bearer,
            @Nullable HeldFiles held)
            throws IOException {
        Optional<LeftLog> left = Optional.ofNullable(state.left().get(place));
        Optional<Bookmark> mark = left.flatMap(LeftLog::mark).filter(found -> held == null);
        OldLines old = mark.isPresent()
                ? OldLines.none()
                : left.map(LeftLog::at)
                        .or(begin::since)
                        .map(since -> OldLines.before(since, format))
                        .orElseGet(OldLines::none);
        FileLog log = new FileLog(new LogSource(bearer, OUTPUT), lines -> LogDecoder.of(format, lines), old, state);
        catchingUp.add(log);
        Beginning at = left.isPresent() ? Beginning.START : begin.at();
        LogFileLocation where = new LogFileLocation.OnHost(path);
        LogTail.Followed followed =
                mark.isPresent() ? tail.resume(where, mark.get(), log) : tail.follow(where, at, log, held);
        readings.put(place, new Reading(bearer, followed, log, where));
    }

    private void applyWritten(WrittenLog written) throws IOException {
        Place place = new Place(written.container(), written.where().path());
        Reading reading = readings.get(place);
        if (reading != null && !reading.where().equals(written.where())) {
            reading.followed().seenBy(written.where());
            readings.put(place, new Reading(reading.bearer(), reading.followed(), reading.log(), written.where()));
            return;
        }
        LogBearer bearer = state.ledger().bearer(written.container()).orElse(null);
        if (reading != null || bearer == null) {
            return;
        }
        if (writtenLogsOf(written.container()) >= MAX_WRITTEN_LOGS) {
            if (refused.add(place)) {
                state.drops().add(LogDrops.Reason.LOG_OF_CONTAINER, 1);
            }
            return;
        }
        FileLog log =
                new FileLog(new LogSource(bearer, written.where().path()), LogDecoder::plain, OldLines.none(), state);
        LeftLog left = state.left().get(place);
        LogTail.Followed followed;
        if (left != null && left.mark().isPresent()) {
            followed = tail.resume(written.where(), left.mark().get(), log);
        } else {
            followed = tail.follow(written.where(), left != null ? Beginning.START : written.at(), log, null);
        }
        readings.put(place, new Reading(bearer, followed, log, written.where()));
    }

    private long writtenLogsOf(ContainerKey container) {
        return readings.keySet().stream()
                .filter(place ->
                        place.container().equals(container) && !place.source().equals(OUTPUT))
                .count();
    }

    /** Reads logs that were begun a moment ago, of containers that may have no name yet or never get one. */
    void takeNew() throws IOException {
        for (NewDockerLog found = newLogs.nextNewLog(); found != null; found = newLogs.nextNewLog()) {
            ContainerKey key = new ContainerKey(ContainerRuntime.DOCKER, found.containerId());
            Place place = new Place(key, OUTPUT);
            LogBearer bearer = state.ledger().bearerOrStranger(key).orElse(null);
            if (bearer != null && !readings.containsKey(place)) {
                LogPlan.Begin begin = new LogPlan.Begin(Beginning.START, Optional.empty());
                followRuntime(place, found.file(), ContainerLogFile.Format.DOCKER_JSON, begin, bearer, found.held());
            } else {
                found.held().close();
            }
        }
    }

    /** All was read that there is for now. */
    void caughtUp() {
        catchingUp.forEach(FileLog::caughtUp);
        catchingUp.clear();
    }

    /** Lets go of what is read to its end and will not go on: a deleted file would keep its disk space. */
    void leaveDone() {
        Set<Place> open = written();
        readings.entrySet().removeIf(entry -> {
            Place place = entry.getKey();
            boolean hasEnded = plan.hasEnded(place.container());
            boolean mayGoOn = place.source().equals(OUTPUT) ? !hasEnded : open.contains(place);
            boolean goes = !mayGoOn && entry.getValue().followed().isQuietFor(hasEnded ? AFTER_END : AFTER_CLOSE);
            if (goes) {
                leave(place, entry.getValue());
            }
            return goes;
        });
    }

    /** Containers went, maybe. */
    void containersChanged() {
        readings.entrySet().removeIf(entry -> {
            Optional<LogBearer> now = state.ledger().bearer(entry.getKey().container());
            boolean goes = now.isEmpty() || now.get() != entry.getValue().bearer();
            if (goes) {
                leave(entry.getKey(), entry.getValue());
            }
            return goes;
        });
        state.left().keySet().removeIf(this::isGone);
    }

    private boolean isGone(Place place) {
        return state.ledger().bearer(place.container()).isEmpty();
    }

    private void leave(Place place, Reading reading) {
        LeftLog left = new LeftLog(state.clock().instant(), reading.followed().mark());
        reading.followed().close();
        reading.log().end();
        state.left().put(place, left);
        if (state.left().size() > MAX_LEFT) {
            // A service may begin a file of another name each day. What a runtime keeps is one log of each container.
            Iterator<Place> oldest = state.left().keySet().iterator();
            while (oldest.hasNext()) {
                if (!oldest.next().source().equals(OUTPUT)) {
                    oldest.remove();
                    break;
                }
            }
        }
    }

    /** Files that are open and not read, as there are too many. */
    int refused() {
        return refused.size();
    }

    /** Reads nothing any more. */
    @Override
    public void close() {
        readings.forEach(this::leave);
        readings.clear();
    }
}
