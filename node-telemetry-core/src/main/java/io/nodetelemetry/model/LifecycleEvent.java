package io.nodetelemetry.model;

/** What came and went on the node; the cgroup is the deepest one of the task at that moment. */
public sealed interface LifecycleEvent {
    /** The cgroup concerned. */
    CgroupRef cgroup();

    /** A cgroup was made. */
    record CgroupCreated(CgroupRef cgroup, CgroupPath path) implements LifecycleEvent {}

    /** A cgroup was removed. */
    record CgroupRemoved(CgroupRef cgroup) implements LifecycleEvent {}

    /** The first process came to a cgroup or one below it ({@code true}), or the last one left. */
    record CgroupPopulated(CgroupRef cgroup, boolean populated) implements LifecycleEvent {}

    /** A process was forked; a thread is none. */
    record ProcessStarted(CgroupRef cgroup, int process) implements LifecycleEvent {}

    /** A process ended, whatever the reason. */
    record ProcessExited(CgroupRef cgroup, int process) implements LifecycleEvent {}

    /** The kernel killed a process for want of memory; its {@link ProcessExited} follows. */
    record OomKilled(CgroupRef cgroup, int process) implements LifecycleEvent {}
}
