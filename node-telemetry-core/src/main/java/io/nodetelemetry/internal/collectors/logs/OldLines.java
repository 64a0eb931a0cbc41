package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.LineTime;
import io.nodetelemetry.model.ContainerLogFile;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lines that were in a runtime's file before the container was started this time. Only lines that are there when reading
 * begins are asked for their time, as clocks can be set. For the thread that reads logs.
 */
final class OldLines {
    private final ContainerLogFile.@Nullable Format format;
    private final Instant since;
    private boolean mayCome;

    private OldLines(ContainerLogFile.@Nullable Format format, Instant since) {
        this.format = format;
        this.since = since;
        mayCome = format != null;
    }

    /** There are none. */
    static OldLines none() {
        return new OldLines(null, Instant.EPOCH);
    }

    /** Those that were written before a moment, by the time that the runtime gave them. */
    static OldLines before(Instant since, ContainerLogFile.Format format) {
        return new OldLines(format, since);
    }

    /** Whether the next line might be one. */
    boolean mayCome() {
        return mayCome;
    }

    boolean isOld(byte[] line, int from, int to) {
        if (format == null || !mayCome) {
            return false;
        }
        Optional<Instant> written = LineTime.of(format, line, from, to);
        if (written.isPresent() && !written.get().isBefore(since)) {
            mayCome = false;
        }
        return written.isPresent() && mayCome;
    }

    /** What comes from now on is new. */
    void end() {
        mayCome = false;
    }
}
