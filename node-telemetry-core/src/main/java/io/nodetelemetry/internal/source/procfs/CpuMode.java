package io.nodetelemetry.internal.source.procfs;

/** What a CPU spends its time on, in the order of the columns of {@code /proc/stat} (proc_stat(5)). */
public enum CpuMode {
    /** Programs, virtual machines that run as such included. */
    USER,
    /** Programs of low priority. */
    NICE,
    /** The kernel, for programs. */
    SYSTEM,
    /** Nothing to do. */
    IDLE,
    /** Nothing to do while a task of this CPU waits for a disk; a rough measure. */
    IOWAIT,
    /** Interrupts. */
    IRQ,
    /** What interrupts left to be done later. */
    SOFTIRQ,
    /** Taken by the hypervisor while there was something to do. */
    STEAL
}
