package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** One way to learn for what tasks wait. For the agent's thread. */
public interface DelaySource extends AutoCloseable {
    /** Its name in the metrics and the log. */
    String way();

    /**
     * Sums by cgroup over its living tasks and those that ended since the source was opened. A sum may fall for a while
     * when tasks end, and for good when tasks move to another cgroup, but no task is ever in it twice.
     */
    Map<CgroupRef, TaskDelays> read() throws IOException;

    /** Whether the kernel can account block I/O delays at all, as of the last read. */
    boolean hasBlockDelays();

    /** Forgets the tasks of a cgroup that ended, and returns what they had; empty if there were none. */
    Optional<TaskDelays> remove(CgroupRef cgroup) throws IOException;

    /** What it could not keep, by reason; empty if {@link #probe()} says it. */
    Map<String, Long> drops();

    /** The BPF programs behind it; empty if there are none. */
    Optional<BpfProbe> probe();

    @Override
    void close();
}
