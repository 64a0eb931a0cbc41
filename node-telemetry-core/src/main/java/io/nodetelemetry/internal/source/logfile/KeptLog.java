package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A log whose files are opened as their names are told of: each once, under whatever name it is there still. Who hears of a
 * file late finds it as {@code .1}, {@code .2} or packed.
 */
final class KeptLog {
    /** More files than a log has at once in all but odd settings; those after them may be opened twice, which is harmless. */
    private static final int MAX_KNOWN = 32;

    private final Path log;
    private final String name;
    private final HeldFiles held;
    private final Set<FileIdentity> known = new LinkedHashSet<>();

    KeptLog(Path log, HeldFiles held) {
        this.log = log;
        this.name = String.valueOf(log.getFileName());
        this.held = held;
    }

    HeldFiles held() {
        return held;
    }

    /** Opens what stands under a name beside the log, if that is a file of the log. */
    void changed(String changed, FileAccess access) {
        if (changed.equals(name) || GenerationName.of(changed, name).isPresent()) {
            open(log.resolveSibling(changed), false, access);
        } else if (GenerationName.ofPacked(changed, name).isPresent()) {
            open(log.resolveSibling(changed), true, access);
        }
    }

    private void open(Path path, boolean packed, FileAccess access) {
        try (Fd found = access.find(path.toString())) {
            FileStatus status = access.status(found);
            if (status.type() != FileStatus.Type.REGULAR || !isNew(status)) {
                return;
            }
            Fd file = access.open(found);
            if (packed) {
                held.offerPacked(file);
            } else {
                held.offer(file);
            }
        } catch (ErrnoException e) {
            // Gone already, or no file may be opened: who reads it looks for itself, and counts what it misses.
            return;
        }
    }

    private boolean isNew(FileStatus status) {
        if (status.bornNanos().isEmpty()) {
            return true;
        }
        if (!known.add(FileIdentity.of(status))) {
            return false;
        }
        if (known.size() > MAX_KNOWN) {
            known.remove(known.iterator().next());
        }
        return true;
    }
}
