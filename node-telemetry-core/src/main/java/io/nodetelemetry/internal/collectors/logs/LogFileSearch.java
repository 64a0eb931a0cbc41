package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.OpenFileLook;
import io.nodetelemetry.internal.source.logfile.OpenFileLook.Identity;
import io.nodetelemetry.model.CgroupRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Takes those of the open files that can be read as logs. For one thread, but {@link #drops}. */
final class LogFileSearch implements AutoCloseable {
    /** Files of all containers together; each that is read costs two or three descriptors. */
    static final int MAX_LOGS = 4_096;

    /** So that no container takes the room of all others; more than are read of one. */
    static final int MAX_LOGS_OF_CGROUP = 256;

    private final OpenFileLook look;
    private final long sinceNanos;
    private final boolean fromBeginning;
    private final AtomicLong remote = new AtomicLong();
    private final AtomicLong outside = new AtomicLong();
    private final AtomicLong overflow = new AtomicLong();
    /** Each is counted once for as long as it is open. */
    private Set<Refused> refused = Set.of();

    private Set<Refused> refusedNow = Set.of();
    /** Of the last look. */
    private Set<Identity> logs = Set.of();

    private record Refused(CgroupRef cgroup, String path, AtomicLong reason) {}

    /** A file counts once in a cgroup, however many processes have it open. */
    private record Opened(CgroupRef cgroup, Identity identity) {}

    /**
     * Has looked at nothing yet.
     *
     * @param since what is younger is read from its beginning
     * @param fromBeginning whether the others are, too
     */
    LogFileSearch(OpenFileLook look, Instant since, boolean fromBeginning) {
        this.look = look;
        sinceNanos = TimeUnit.SECONDS.toNanos(since.getEpochSecond()) + since.getNano();
        this.fromBeginning = fromBeginning;
    }

    List<SeenLog> choose(List<OpenLogFile> found) {
        refusedNow = new HashSet<>();
        Set<Long> descriptors = new HashSet<>();
        Set<Opened> opened = new HashSet<>();
        Map<CgroupRef, Integer> ofCgroups = new HashMap<>();
        List<SeenLog> seen = new ArrayList<>();
        for (OpenLogFile file : found) {
            if (descriptors.add((long) file.pid() << Integer.SIZE | file.fd()) && !CopiedLog.isPacked(file.path())) {
                if (file.remote()) {
                    refuse(file, remote);
                } else if (seen.size() >= MAX_LOGS || ofCgroups.getOrDefault(file.cgroup(), 0) >= MAX_LOGS_OF_CGROUP) {
                    refuse(file, overflow);
                } else {
                    look.at(file.pid(), file.fd())
                            .filter(identity -> isLog(file, identity))
                            .filter(identity -> opened.add(new Opened(file.cgroup(), identity)))
                            .ifPresent(identity -> {
                                ofCgroups.merge(file.cgroup(), 1, Integer::sum);
                                seen.add(new SeenLog(file, identity, beginning(identity)));
                            });
                }
            }
        }
        refusedNow.stream()
                .filter(each -> !refused.contains(each))
                .forEach(each -> each.reason().incrementAndGet());
        refused = refusedNow;
        logs = seen.stream().map(SeenLog::identity).collect(Collectors.toSet());
        return List.copyOf(seen);
    }

    private void refuse(OpenLogFile file, AtomicLong reason) {
        refusedNow.add(new Refused(file.cgroup(), file.path(), reason));
    }

    private boolean isLog(OpenLogFile file, Identity identity) {
        if (file.openedElsewhere() && !look.at(file.pid(), file.path()).equals(Optional.of(identity))) {
            refuse(file, outside);
            return false;
        }
        // What was a log at the last look is none the less one for being renamed.
        return logs.contains(identity)
                || CopiedLog.original(file.path())
                        .flatMap(original -> look.at(file.pid(), original))
                        .isEmpty();
    }

    private Beginning beginning(Identity identity) {
        boolean young = identity.bornNanos().isPresent() && identity.bornNanos().getAsLong() >= sinceNanos;
        return young || fromBeginning ? Beginning.START : Beginning.END;
    }

    /** Files that are not read, by reason; zeros included. For any thread. */
    Map<String, Long> drops() {
        return Map.of(
                "remote_file_system",
                remote.get(),
                "outside_root_directory",
                outside.get(),
                "log_file",
                overflow.get());
    }

    @Override
    public void close() {
        look.close();
    }
}
