package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.OpenFileLook;
import io.nodetelemetry.internal.source.logfile.OpenFileLook.Seen;
import io.nodetelemetry.model.CgroupRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Takes those of the open files that can be read as logs. For one thread, but {@link #drops}. */
final class LogFileSearch implements AutoCloseable {
    /** Files of all containers together; each that is read costs two or three descriptors. */
    static final int MAX_LOGS = 4_096;

    private final OpenFileLook look;
    private final long sinceNanos;
    private final boolean fromBeginning;
    private final AtomicLong remote = new AtomicLong();
    private final AtomicLong outside = new AtomicLong();
    private final AtomicLong overflow = new AtomicLong();
    /** Each is counted once for as long as it is open. */
    private Set<Refused> refused = Set.of();

    private record Refused(CgroupRef cgroup, String path, AtomicLong reason) {}

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
        Set<Refused> refusedNow = new HashSet<>();
        Set<Long> descriptors = new HashSet<>();
        List<SeenLog> seen = new ArrayList<>();
        for (OpenLogFile file : found) {
            if (!descriptors.add((long) file.pid() << Integer.SIZE | file.fd())) {
                continue;
            }
            if (file.remote()) {
                refusedNow.add(new Refused(file.cgroup(), file.path(), remote));
            } else if (seen.size() >= MAX_LOGS) {
                refusedNow.add(new Refused(file.cgroup(), file.path(), overflow));
            } else {
                Seen status = look.at(file.pid(), file.fd()).orElse(null);
                if (status != null && file.openedElsewhere() && !isWhereItsPathLeads(file, status)) {
                    refusedNow.add(new Refused(file.cgroup(), file.path(), outside));
                } else if (status != null) {
                    seen.add(new SeenLog(file, status.identity(), beginning(status)));
                }
            }
        }
        refusedNow.stream()
                .filter(each -> !refused.contains(each))
                .forEach(each -> each.reason().incrementAndGet());
        refused = refusedNow;
        return List.copyOf(seen);
    }

    private boolean isWhereItsPathLeads(OpenLogFile file, Seen status) {
        return look.at(file.pid(), file.path())
                .filter(there -> there.identity().equals(status.identity()))
                .isPresent();
    }

    private Beginning beginning(Seen status) {
        boolean young = status.bornNanos().isPresent() && status.bornNanos().getAsLong() >= sinceNanos;
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
