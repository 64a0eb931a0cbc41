package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Sums of delays by cgroup, made of what each process says of itself now and then, and of its last words. Only what a
 * process waited since it was heard last is added, to the cgroup it is in now, so the sums only grow.
 *
 * <p>Not safe for threads to share.
 */
final class ProcessDelays {
    /** A container's process is moved into its cgroup soon after its start; others are moved seldom. */
    private static final int LOOKS_AT_FIRST = 2;

    private static final int LOOK_EVERY = 12;

    private final int capacity;
    private final Map<Integer, Heard> processes = new HashMap<>();
    private final Map<CgroupRef, Sum> sums = new LinkedHashMap<>();
    private int pass;
    private long dropped;
    private long impossible;

    /**
     * What the kernel says of a process, all its threads taken together.
     *
     * @param runNanos nanoseconds of waiting for a CPU
     * @param blockNanos nanoseconds of waiting for block I/O
     */
    record Account(long runNanos, long blockNanos) {
        static final Account NONE = new Account(0, 0);
    }

    private static final class Heard {
        Account account = Account.NONE;
        CgroupRef cgroup;
        int lastPass;
        int passes;
        long endedThreads;

        Heard(CgroupRef cgroup) {
            this.cgroup = cgroup;
        }
    }

    private static final class Sum {
        long runNanos;
        long blockNanos;
        long living;
        long ended;
    }

    /**
     * Knows no process yet.
     *
     * @param capacity processes and cgroups that are kept at a time, of each
     */
    ProcessDelays(int capacity) {
        this.capacity = capacity;
    }

    /** Begins a pass over the processes that live. */
    void begin() {
        pass++;
        sums.values().forEach(sum -> sum.living = 0);
    }

    /** Ends a pass: who was not heard of is gone. */
    void end() {
        processes.values().removeIf(process -> process.lastPass < pass);
    }

    /** Where a process was when it was looked for last; empty if it is not known. */
    Optional<CgroupRef> cgroupOf(int tgid) {
        return Optional.ofNullable(processes.get(tgid)).map(process -> process.cgroup);
    }

    /** The same; empty also if it is time to look again. */
    Optional<CgroupRef> recentCgroupOf(int tgid) {
        Heard process = processes.get(tgid);
        return process == null
                        || process.passes < LOOKS_AT_FIRST
                        || Math.floorMod(process.passes + tgid, LOOK_EVERY) == 0
                ? Optional.empty()
                : Optional.of(process.cgroup);
    }

    /**
     * A process that lives.
     *
     * @param lifeNanos since its start
     */
    void alive(int tgid, CgroupRef cgroup, int threads, Account account, long lifeNanos) {
        Heard process = process(tgid, cgroup);
        if (process == null) {
            return;
        }
        process.passes++;
        process.lastPass = Math.max(process.lastPass, pass);
        hear(process, account, (threads + process.endedThreads) * lifeNanos);
        Sum sum = sum(cgroup);
        if (sum != null) {
            sum.living += threads;
        }
    }

    /**
     * The last words of a process, or of its first thread while others go on: then it is heard of again.
     *
     * @param lifeNanos since its start; empty if the kernel does not say: then its cgroup's total has to judge
     */
    void lastWords(int tgid, CgroupRef cgroup, Account account, OptionalLong lifeNanos) {
        Heard process = process(tgid, cgroup);
        if (process != null) {
            hear(
                    process,
                    account,
                    lifeNanos.isPresent() ? Math.max(1, process.endedThreads) * lifeNanos.getAsLong() : Long.MAX_VALUE);
        }
    }

    /** A thread of that process ended; its delays are among those of the process. */
    void threadEnded(int tgid, CgroupRef cgroup) {
        Heard process = process(tgid, cgroup);
        Sum sum = sum(cgroup);
        if (process != null && sum != null) {
            process.endedThreads++;
            sum.ended++;
        }
    }

    private @Nullable Heard process(int tgid, CgroupRef cgroup) {
        Heard process = processes.get(tgid);
        if (process == null) {
            if (processes.size() >= capacity) {
                dropped++;
                return null;
            }
            process = new Heard(cgroup);
            // Kept over the next pass: of one that ends, the first thread may speak first and the whole process later.
            process.lastPass = pass + 1;
            processes.put(tgid, process);
        }
        process.cgroup = cgroup;
        return process;
    }

    private void hear(Heard process, Account account, long longestNanos) {
        Sum sum = sum(process.cgroup);
        if (sum == null) {
            return;
        }
        sum.runNanos += growth(process.account.runNanos(), account.runNanos(), longestNanos);
        sum.blockNanos += growth(process.account.blockNanos(), account.blockNanos(), longestNanos);
        process.account = new Account(
                Math.max(process.account.runNanos(), account.runNanos()),
                Math.max(process.account.blockNanos(), account.blockNanos()));
    }

    private long growth(long before, long after, long longestNanos) {
        long growth = Math.max(0, after - before);
        if (growth <= longestNanos) {
            return growth;
        }
        impossible++;
        return 0;
    }

    private @Nullable Sum sum(CgroupRef cgroup) {
        Sum sum = sums.get(cgroup);
        if (sum == null) {
            if (sums.size() >= capacity) {
                dropped++;
                return null;
            }
            sum = new Sum();
            sums.put(cgroup, sum);
        }
        return sum;
    }

    /** The sums of this moment. */
    Map<CgroupRef, TaskDelays> sums() {
        Map<CgroupRef, TaskDelays> copy = new LinkedHashMap<>();
        sums.forEach((cgroup, sum) -> copy.put(cgroup, of(sum)));
        return copy;
    }

    private static TaskDelays of(Sum sum) {
        return new TaskDelays(sum.runNanos, sum.blockNanos, sum.living, sum.ended);
    }

    /** Forgets a cgroup and returns what it had; empty if there was nothing. */
    Optional<TaskDelays> remove(CgroupRef cgroup) {
        return Optional.ofNullable(sums.remove(cgroup)).map(ProcessDelays::of);
    }

    /** Accounts that found no room. */
    long dropped() {
        return dropped;
    }

    /** Growth beyond what a process can have waited. */
    long impossible() {
        return impossible;
    }
}
