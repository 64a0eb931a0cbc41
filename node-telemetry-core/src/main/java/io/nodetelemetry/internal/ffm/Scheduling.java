package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** How soon the kernel runs a thread that was woken up (sched(7)). */
public final class Scheduling {
    private static final int SCHED_RR = Libc.LIBRARY.constant("SCHED_RR", 2);
    /** Threads that it starts are ordinary ones. */
    private static final int SCHED_RESET_ON_FORK = Libc.LIBRARY.constant("SCHED_RESET_ON_FORK", 0x40000000);

    private static final int PRIO_PROCESS = Libc.LIBRARY.constant("PRIO_PROCESS", 0);
    private static final int LOWEST_REAL_TIME_PRIORITY = 1;
    private static final int HIGHEST_NICENESS = -20;

    private static final StructLayout PARAMETER = Libc.LIBRARY.struct(
            "struct sched_param", MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("sched_priority")));

    private static final MethodHandle SCHED_SETSCHEDULER =
            Libc.LIBRARY.bindWithErrno("int sched_setscheduler(int pid, int policy, const struct sched_param *param)");
    private static final MethodHandle SETPRIORITY =
            Libc.LIBRARY.bindWithErrno("int setpriority(int which, unsigned int who, int prio)");

    private Scheduling() {}

    /**
     * Has the calling thread run at once whenever it is woken up, before all that have no real-time priority: for a thread
     * that does little and waits for the kernel. Where that is refused, as in cgroups that were given no real-time share,
     * before most of the others.
     *
     * @throws ErrnoException if both is refused: {@code EPERM} without CAP_SYS_NICE
     */
    public static void hasten() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            MemorySegment parameter = arena.allocate(PARAMETER);
            parameter.set(
                    ValueLayout.JAVA_INT,
                    PARAMETER.byteOffset(PathElement.groupElement("sched_priority")),
                    LOWEST_REAL_TIME_PRIORITY);
            int set = (int) SCHED_SETSCHEDULER.invokeExact(errno, 0, SCHED_RR | SCHED_RESET_ON_FORK, parameter);
            if (set != 0) {
                set = (int) SETPRIORITY.invokeExact(errno, PRIO_PROCESS, 0, HIGHEST_NICENESS);
            }
            if (set != 0) {
                throw new ErrnoException("setpriority", Errno.in(errno), "needs CAP_SYS_NICE");
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }
}
