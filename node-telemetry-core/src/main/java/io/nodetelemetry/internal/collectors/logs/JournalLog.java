package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.SyslogLevel;
import io.nodetelemetry.internal.source.journal.JournalEntry;
import io.nodetelemetry.model.LogLevel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a container or service writes to the journal, by each of its writers. For the thread that reads logs. */
final class JournalLog {
    /** The label {@code source}. */
    static final String SOURCE = "journald";

    /** Writers whose lines are told apart at a time. */
    private static final int MAX_STREAMS = 64;

    private final LogBearer bearer;
    private final LogSource source;
    private final LogDrops drops;
    private final OpenLogs openLogs;
    private final OpenLogs.Log open = new OpenLogs.Log(this::end);
    private final Map<Long, JournalStream> streams = new LinkedHashMap<>();

    JournalLog(LogBearer bearer, LogsState state) {
        this.bearer = bearer;
        source = new LogSource(bearer, SOURCE);
        drops = state.drops();
        openLogs = state.openLogs();
    }

    boolean isOf(Optional<LogBearer> other) {
        return other.isPresent() && other.get() == bearer;
    }

    void entry(JournalEntry entry) {
        openLogs.wrote(open);
        if (bearer.budget().room() == 0) {
            source.counts().skipped(1);
            return;
        }
        bearer.budget().take();
        // What a runtime writes of a container has a priority for each of its two streams, and says no more than that.
        boolean isOutput = entry.containerId().isPresent();
        long writer = isOutput ? 31 * entry.stream() + entry.priority().orElse(0) : entry.stream();
        LogLevel level = isOutput || entry.priority().isEmpty()
                ? LogLevel.UNKNOWN
                : SyslogLevel.of(entry.priority().getAsInt());
        stream(writer).entry(entry, isOutput || entry.isLine(), level);
    }

    private JournalStream stream(long writer) {
        JournalStream known = streams.get(writer);
        if (known != null) {
            return known;
        }
        if (streams.size() >= MAX_STREAMS) {
            end();
        }
        JournalStream stream = new JournalStream(source, drops);
        streams.put(writer, stream);
        return stream;
    }

    /** Nothing follows for now: what is open is a message. */
    void end() {
        streams.values().forEach(JournalStream::end);
        streams.clear();
    }
}
