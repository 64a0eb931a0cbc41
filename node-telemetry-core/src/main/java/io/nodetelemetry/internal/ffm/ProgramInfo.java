package io.nodetelemetry.internal.ffm;

import java.util.OptionalLong;

/**
 * What the kernel tells about a loaded program ({@code struct bpf_prog_info}).
 *
 * @param id its id, unique until the next boot or wrap-around
 * @param runCount runs since it was loaded; stays 0 unless {@code sysctl kernel.bpf_stats_enabled=1}
 * @param runTimeNanos time spent in those runs, in nanoseconds; under the same condition
 * @param recursionMisses runs the kernel left out as the program was already running on that CPU; counted always, absent
 *     before Linux 5.12
 */
public record ProgramInfo(int id, long runCount, long runTimeNanos, OptionalLong recursionMisses) {}
