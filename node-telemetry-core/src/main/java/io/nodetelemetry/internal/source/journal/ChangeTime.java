package io.nodetelemetry.internal.source.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether names in a directory changed since they were read last, told by its time of modification. */
final class ChangeTime {
    /** Times of files go in steps of the kernel's clock, up to 10 ms: what follows a change so soon can have its time. */
    private static final Duration STEP = Duration.ofMillis(100);

    private final Path directory;
    private @Nullable FileTime seen;

    ChangeTime(Path directory) {
        this.directory = directory;
    }

    /** Whether to look now; the names are to be read after this call. */
    boolean sinceLastLook() {
        FileTime now;
        try {
            now = Files.getLastModifiedTime(directory);
        } catch (IOException e) {
            boolean wasThere = seen != null;
            seen = null;
            return wasThere;
        }
        boolean changed = !now.equals(seen);
        boolean settled = now.toInstant().plus(STEP).isBefore(Instant.now());
        seen = settled ? now : null;
        return changed;
    }

    /** Has the names read at the next look, whatever the time says. */
    void lookAgain() {
        seen = null;
    }
}
