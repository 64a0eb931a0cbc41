package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import java.util.OptionalLong;

/**
 * CPU time of a cgroup: {@code cpu.stat}.
 *
 * <p>On v2 (Documentation/admin-guide/cgroup-v2.rst) {@code usage_usec} is the time of all tasks in and below the cgroup;
 * {@code throttled_usec}, only with the {@code cpu} controller, is that of this cgroup alone. On v1
 * (Documentation/scheduler/sched-bwc.rst) there is only the latter, {@code throttled_time} in nanoseconds, and
 * {@code cpuacct.usage} has the former.
 *
 * @param usageNanos CPU time used since the cgroup's creation
 * @param throttledNanos time for which a quota of this cgroup held its tasks back, summed over the CPUs
 */
record CpuStat(OptionalLong usageNanos, OptionalLong throttledNanos) {
    static final CpuStat NOTHING = new CpuStat(OptionalLong.empty(), OptionalLong.empty());

    private static final long NANOS_PER_MICRO = 1_000;

    /** Reads either version's; their keys differ. */
    static CpuStat parse(KernelText text) {
        OptionalLong usage = OptionalLong.empty();
        OptionalLong throttled = OptionalLong.empty();
        while (text.nextLine()) {
            if (!text.nextWord()) {
                continue;
            }
            if (text.is("usage_usec")) {
                usage = nanos(text.nextNumber());
            } else if (text.is("throttled_usec")) {
                throttled = nanos(text.nextNumber());
            } else if (text.is("throttled_time")) {
                throttled = text.nextNumber();
            }
        }
        return new CpuStat(usage, throttled);
    }

    private static OptionalLong nanos(OptionalLong micros) {
        return micros.isPresent() && micros.getAsLong() <= Long.MAX_VALUE / NANOS_PER_MICRO
                ? OptionalLong.of(micros.getAsLong() * NANOS_PER_MICRO)
                : OptionalLong.empty();
    }
}
