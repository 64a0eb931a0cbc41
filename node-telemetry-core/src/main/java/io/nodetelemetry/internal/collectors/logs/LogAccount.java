package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.LogLineReader;
import io.nodetelemetry.internal.log.MessageCounts;
import io.nodetelemetry.internal.log.PatternRoom;
import io.nodetelemetry.model.ContainerId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of the logs of one container id, by source: of one container that has no id yet, or of all that bear the
 * same one. For the thread that reads logs.
 */
final class LogAccount {
    /** Sources beyond these are counted as one: some services begin a file of another name every day. */
    static final int MAX_SOURCES = 64;

    private static final String OTHER_SOURCES = "~other";

    /** What all accounts have in common. */
    record Settings(
            MessageCounts.Rules rules, int maxPatternsPerLevel, LogLineReader reader, PatternRoom.Total total) {}

    private final Settings settings;
    private final PatternRoom room;
    private final Map<String, SourceCounts> sources = new LinkedHashMap<>();
    private final @Nullable ContainerId id;
    private int bearers;

    LogAccount(Settings settings, @Nullable ContainerId id) {
        this.settings = settings;
        this.id = id;
        room = new PatternRoom(settings.maxPatternsPerLevel(), settings.total());
    }

    /** The counts of one source. */
    SourceCounts source(String name) {
        SourceCounts known = sources.get(name);
        if (known != null) {
            return known;
        }
        String shown = sources.size() < MAX_SOURCES ? name : OTHER_SOURCES;
        return sources.computeIfAbsent(
                shown,
                missing -> new SourceCounts(missing, new MessageCounts(settings.rules(), settings.reader(), room)));
    }

    /** Takes over what another one counted, which is not used any more. */
    void merge(LogAccount other) {
        other.sources.forEach((name, counts) -> source(name).merge(counts));
        other.sources.clear();
    }

    /** It is not shown any more: others may have the room for its patterns, whatever is counted here yet. */
    void release() {
        room.close();
        sources.values().forEach(counts -> counts.messages().patterns().release());
        sources.clear();
    }

    /** Under which its counts are shown; null while they are not. */
    @Nullable
    ContainerId id() {
        return id;
    }

    Collection<SourceCounts> sources() {
        return Collections.unmodifiableCollection(sources.values());
    }

    /** One more container counts here. */
    void borne() {
        bearers++;
    }

    /** A container does not count here any more; true if it was the last one. */
    boolean leave() {
        return --bearers == 0;
    }
}
