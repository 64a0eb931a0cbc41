package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import java.util.Optional;
import java.util.OptionalLong;

/** How much CPU time a cgroup may use. */
public sealed interface CpuLimit {
    /**
     * A quota.
     *
     * @param count how many CPUs its tasks may use on average: 0.5 is half the time of one
     */
    record Cores(double count) implements CpuLimit {}

    /** No quota. */
    enum None implements CpuLimit {
        UNLIMITED
    }

    /**
     * {@code cpu.max} of v2 (Documentation/admin-guide/cgroup-v2.rst): quota and period in microseconds, {@code 20000
     * 100000} or {@code max 100000}. Empty if it is neither.
     */
    static Optional<CpuLimit> ofCpuMax(KernelText text) {
        if (!text.nextLine() || !text.nextWord()) {
            return Optional.empty();
        }
        if (text.is("max")) {
            return Optional.of(None.UNLIMITED);
        }
        OptionalLong quota = text.number();
        return cores(quota, text.nextNumber());
    }

    /** Whether {@code cpu.cfs_quota_us} of v1 (Documentation/scheduler/sched-bwc.rst) says that there is no quota. */
    static boolean isUnlimitedQuota(KernelText text) {
        return text.nextLine() && text.nextWord() && text.is("-1");
    }

    /** Quota and period in microseconds; empty if one is missing or the period is zero. */
    static Optional<CpuLimit> cores(OptionalLong quotaMicros, OptionalLong periodMicros) {
        return quotaMicros.isPresent() && periodMicros.isPresent() && periodMicros.getAsLong() > 0
                ? Optional.of(new Cores((double) quotaMicros.getAsLong() / periodMicros.getAsLong()))
                : Optional.empty();
    }
}
