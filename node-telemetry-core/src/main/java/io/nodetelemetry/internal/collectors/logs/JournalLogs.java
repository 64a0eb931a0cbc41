package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.journal.JournalEntries;
import io.nodetelemetry.internal.source.journal.JournalEntry;
import io.nodetelemetry.internal.state.CgroupClassifier;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.ContainerRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The journal's entries, each given to the container whose process wrote it, or whose output its runtime wrote. For the
 * thread that reads logs.
 */
final class JournalLogs implements JournalEntries {
    /** Writers that are remembered; a service may make a cgroup for each request. */
    private static final int MAX_WRITERS = 4_096;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final LogsState state;
    private final Map<ContainerKey, JournalLog> logs = new HashMap<>();
    /** By container id or path of the cgroup. */
    private final Map<String, Writer> writers = new HashMap<>();

    /** @param cgroup of the process that wrote it */
    private record Writer(String cgroup, Optional<JournalLog> log) {}

    private long entries;

    /** Nothing was read yet. */
    JournalLogs(LogsState state) {
        this.state = state;
    }

    @Override
    public int room() {
        // Each container has a budget of its own.
        return Integer.MAX_VALUE;
    }

    @Override
    public void entry(JournalEntry entry) {
        entries++;
        Optional<String> writer = entry.containerId().or(entry::cgroup);
        if (writer.isEmpty()) {
            return;
        }
        String cgroup = entry.cgroup().orElse("/");
        Writer known = writers.get(writer.get());
        if (known == null || !known.cgroup().equals(cgroup)) {
            known = new Writer(cgroup, find(entry.containerId(), cgroup));
            if (writers.size() >= MAX_WRITERS) {
                writers.clear();
            }
            writers.put(writer.get(), known);
        }
        known.log().ifPresent(found -> found.entry(entry));
    }

    /** Entries that came, whose ever they are. */
    long entries() {
        return entries;
    }

    @Override
    public void skipped(long entries) {
        throw new IllegalStateException("there is always room for entries, but " + entries + " were skipped");
    }

    private Optional<JournalLog> find(Optional<String> container, String cgroup) {
        return key(container, cgroup)
                .flatMap(found -> state.ledger()
                        .bearerOrStranger(found)
                        .map(bearer -> logs.computeIfAbsent(found, missing -> new JournalLog(bearer, state))));
    }

    /** Which container an entry names is the word of its writer. One in a container can speak for no other. */
    static Optional<ContainerKey> key(Optional<String> container, String cgroup) {
        Optional<ContainerKey> own = ofCgroup(cgroup);
        boolean isInContainer = own.isPresent() && own.get().runtime() != ContainerRuntime.SYSTEMD;
        return isInContainer
                ? own
                : container
                        .filter(id -> ID.matcher(id).matches())
                        .map(id -> new ContainerKey(runtime(cgroup), id))
                        .or(() -> own);
    }

    private static Optional<ContainerKey> ofCgroup(String cgroup) {
        return cgroup.startsWith("/")
                ? CgroupClassifier.classify(new CgroupPath(cgroup)).container()
                : Optional.empty();
    }

    /** Docker's daemon writes the output of its containers; Podman's is written by a monitor process for each. */
    private static ContainerRuntime runtime(String cgroup) {
        return cgroup.contains("libpod") ? ContainerRuntime.PODMAN : ContainerRuntime.DOCKER;
    }

    /** Containers came or went. */
    void containersChanged() {
        writers.clear();
        logs.entrySet().removeIf(entry -> {
            boolean goes = !entry.getValue().isOf(state.ledger().bearer(entry.getKey()));
            if (goes) {
                entry.getValue().end();
            }
            return goes;
        });
    }

    /** Nothing is read any more. */
    void close() {
        logs.values().forEach(JournalLog::end);
    }
}
