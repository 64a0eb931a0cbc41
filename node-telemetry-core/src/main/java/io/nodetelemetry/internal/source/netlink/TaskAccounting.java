package io.nodetelemetry.internal.source.netlink;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code struct taskstats} of one thread, or of a process with all its threads, living and dead (Documentation/accounting/
 * taskstats-struct.rst). The struct grows at its end with the kernel's versions: what an older kernel does not send is
 * empty here.
 *
 * @param task the id that was asked for, or that exited; in the initial pid namespace
 * @param process the process that a thread belongs to; from version 12 (Linux 5.19) on, empty for a whole process
 * @param parent the process that started it, or adopted it; empty for a whole process
 * @param cpuDelayNanos time spent waiting on a run queue; 0 while the kernel does not account it
 * @param blockIoDelayNanos time spent waiting for block devices; stays 0 without {@code kernel.task_delayacct}
 * @param beginSeconds wall-clock time of its start, in seconds since 1970; empty for a whole process
 */
public record TaskAccounting(
        Task task,
        OptionalInt process,
        OptionalInt parent,
        OptionalLong cpuDelayNanos,
        OptionalLong blockIoDelayNanos,
        OptionalLong beginSeconds) {
    /** Offsets in bytes; {@code linux/taskstats.h} promises that they stay. */
    static final int CPU_DELAY_TOTAL = 24;

    static final int BLKIO_DELAY_TOTAL = 40;
    static final int AC_PPID = 132;
    static final int AC_BTIME = 136;
    static final int AC_BTIME64 = 344;
    static final int AC_TGID = 368;

    private static final int VERSION_BYTES = 2;

    /** What an account is about. */
    public sealed interface Task {
        /** One thread: what the kernel calls pid. */
        record OfThread(int id) implements Task {}

        /** A whole process: what the kernel calls thread group. */
        record OfProcess(int id) implements Task {}
    }

    /** Reads the struct as far as it goes. */
    static TaskAccounting decode(Task task, ByteBuffer struct) throws NetlinkException.Malformed {
        if (struct.remaining() < VERSION_BYTES) {
            throw new NetlinkException.Malformed("struct taskstats of " + struct.remaining() + " bytes");
        }
        OptionalLong begin = positive(u64(struct, AC_BTIME64));
        return new TaskAccounting(
                task,
                process(u32(struct, AC_TGID)),
                process(u32(struct, AC_PPID)),
                u64(struct, CPU_DELAY_TOTAL),
                u64(struct, BLKIO_DELAY_TOTAL),
                begin.isPresent() ? begin : positive(u32(struct, AC_BTIME)));
    }

    private static OptionalInt process(OptionalLong id) {
        return id.orElse(0) == 0 ? OptionalInt.empty() : OptionalInt.of((int) id.getAsLong());
    }

    /** The kernel leaves zero in what it did not fill. */
    private static OptionalLong positive(OptionalLong value) {
        return value.orElse(0) > 0 ? value : OptionalLong.empty();
    }

    private static OptionalLong u64(ByteBuffer struct, int offset) {
        return struct.remaining() < offset + Long.BYTES
                ? OptionalLong.empty()
                : OptionalLong.of(struct.getLong(struct.position() + offset));
    }

    private static OptionalLong u32(ByteBuffer struct, int offset) {
        return struct.remaining() < offset + Integer.BYTES
                ? OptionalLong.empty()
                : OptionalLong.of(Integer.toUnsignedLong(struct.getInt(struct.position() + offset)));
    }
}
