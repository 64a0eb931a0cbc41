package io.nodetelemetry.internal.collectors.applications;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The processes of a container and what they are. It is looked at as soon as it is known, again soon after, since what
 * starts is often a script that becomes a server, and more and more rarely.
 */
final class WatchedContainer {
    static final int MAX_PROCESSES = 64;

    private static final long FIRST_PAUSE = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();
    /** A process that has called itself the same for so long … */
    private static final long SETTLED = Duration.ofMinutes(1).toNanos();
    /** … is read no more often than this. */
    private static final long SETTLED_PAUSE = Duration.ofMinutes(1).toNanos();

    private final Map<Integer, Member> processes = new HashMap<>();
    private long pause;
    private long next;
    private long surplus;

    private static final class Member {
        private int fingerprint;
        private String type = "";
        private long changedAt;
        private long readAt;
        private boolean pending;

        Member(long now) {
            changedAt = now;
            readAt = now - SETTLED_PAUSE;
        }

        boolean isDue(long now) {
            return !pending && (now - changedAt < SETTLED || now - readAt >= SETTLED_PAUSE);
        }

        void seen(ProcessReader.Look look, long now) {
            pending = false;
            readAt = now;
            if (look.fingerprint() != fingerprint) {
                fingerprint = look.fingerprint();
                type = look.type().orElse("");
                changedAt = now;
            }
        }
    }

    WatchedContainer(long now) {
        restart(now);
    }

    /** Something else runs in it now. */
    void restart(long now) {
        next = now;
        pause = FIRST_PAUSE;
    }

    boolean isDue(long now) {
        return now - next >= 0;
    }

    /**
     * Takes in which processes it has now, and asks for those that are worth a look.
     *
     * @param pids in any order; the oldest are kept if they are many
     * @param now {@link System#nanoTime()}
     * @return how many more processes than ever before are left out
     */
    long update(List<Integer> pids, ProcessReader reader, long now) {
        next = now + pause;
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        // Numbers are given in turn, so the lowest are the oldest for the most part.
        Set<Integer> kept = pids.stream().sorted().limit(MAX_PROCESSES).collect(Collectors.toSet());
        processes.keySet().retainAll(kept);
        for (Integer pid : kept) {
            Member process = processes.computeIfAbsent(pid, key -> new Member(now));
            if (process.isDue(now)) {
                process.pending = reader.request(
                        new ProcessReader.Request(pid, process.fingerprint, look -> process.seen(look, now)));
            }
        }
        long more = Math.max(0, pids.size() - kept.size() - surplus);
        surplus += more;
        return more;
    }

    /** What runs in it; adds to the given set. */
    void addTypesTo(Set<String> types) {
        for (Member process : processes.values()) {
            if (!process.type.isEmpty()) {
                types.add(process.type);
            }
        }
    }
}
