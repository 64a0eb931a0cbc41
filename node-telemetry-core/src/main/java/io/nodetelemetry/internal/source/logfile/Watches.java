package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import io.nodetelemetry.internal.ffm.Inotify;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which log wants to hear of which file or directory. The kernel gives one watch to a file, whoever asks: logs in one
 * directory share its.
 */
final class Watches {
    private static final int DIRECTORY = Inotify.CREATE
            | Inotify.MOVED_FROM
            | Inotify.MOVED_TO
            | Inotify.DELETE
            | Inotify.ATTRIB
            | Inotify.DELETE_SELF
            | Inotify.MOVE_SELF
            | Inotify.ONLY_DIRECTORY;

    /** Fires once: a busy file wakes nobody up, as it is read at intervals then. */
    private static final int FILE = Inotify.MODIFY | Inotify.ONCE;

    private final Notices notices;
    private final int max;
    private final Map<Integer, Set<FollowedLog>> logs = new HashMap<>();
    private int refusal;

    Watches(Notices notices, int max) {
        this.notices = notices;
        this.max = max;
    }

    /** Has a log hear what happens in a directory. Empty if that is refused. */
    OptionalInt watchDirectory(Fd directory, FollowedLog log) {
        return watch(directory, DIRECTORY, log);
    }

    /** Has a log hear of the next change to a file. Empty if that is refused. */
    OptionalInt watchFile(Fd file, FollowedLog log) {
        return watch(file, FILE, log);
    }

    private OptionalInt watch(Fd file, int mask, FollowedLog log) {
        int watch = notices.watch(FileAccess.magicPath(file), mask);
        if (watch >= 0 && logs.size() >= max && !logs.containsKey(watch)) {
            notices.unwatch(watch);
            refusal = 0;
            return OptionalInt.empty();
        }
        if (watch < 0) {
            refusal = -watch;
            return OptionalInt.empty();
        }
        logs.computeIfAbsent(watch, _ -> new LinkedHashSet<>()).add(log);
        return OptionalInt.of(watch);
    }

    /** A log wants to hear no more of something. */
    void release(int watch, FollowedLog log) {
        Set<FollowedLog> listeners = logs.get(watch);
        if (listeners != null && listeners.remove(log) && listeners.isEmpty()) {
            logs.remove(watch);
            notices.unwatch(watch);
        }
    }

    /** Those that want to hear of it. */
    List<FollowedLog> listeners(int watch) {
        return List.copyOf(logs.getOrDefault(watch, Set.of()));
    }

    /** The kernel ended it. */
    void ended(int watch) {
        logs.remove(watch);
    }

    /** Why the kernel tells nothing of so many logs, and what to do about it; empty if there are none. */
    Optional<String> degraded(long unwatched) {
        if (unwatched == 0) {
            return Optional.empty();
        }
        String what = "inotify watches not all that is to be watched (%s), so %d logs are looked at once a second: "
                .formatted(refusal == 0 ? max + " watches" : Errno.name(refusal), unwatched);
        return Optional.of(what
                + (refusal == Errno.EMFILE
                        ? "raise the limit with sysctl fs.inotify.max_user_instances"
                        : "raise the limit with sysctl fs.inotify.max_user_watches"));
    }
}
