package io.nodetelemetry.internal.source.cgroupfs;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * CPU of a container at one moment.
 *
 * @param usageNanos CPU time that all its tasks used since the creation of its cgroup; empty if that cannot be read
 * @param throttledNanos time for which its own quota held tasks back; empty if that cannot be read, such as for want of
 *     the {@code cpu} controller
 * @param limit its own quota; those of the cgroups around it may be smaller. Empty if that cannot be read
 */
public record CpuAccount(OptionalLong usageNanos, OptionalLong throttledNanos, Optional<CpuLimit> limit) {}
