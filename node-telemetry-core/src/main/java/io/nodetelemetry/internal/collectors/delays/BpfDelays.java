package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.DelayProbe;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Summed up in the kernel: complete, whatever the number of tasks and however short their lives. */
public final class BpfDelays implements DelaySource {
    private final DelayProbe probe;

    /** Takes the probe over. */
    public BpfDelays(DelayProbe probe) {
        this.probe = probe;
    }

    @Override
    public String way() {
        return "bpf";
    }

    @Override
    public Map<CgroupRef, TaskDelays> read() throws IOException {
        return probe.read();
    }

    @Override
    public boolean hasBlockDelays() {
        return probe.hasBlockDelays();
    }

    @Override
    public Optional<TaskDelays> remove(CgroupRef cgroup) throws IOException {
        return probe.remove(cgroup);
    }

    @Override
    public Map<String, Long> drops() {
        return Map.of();
    }

    @Override
    public Optional<BpfProbe> probe() {
        return Optional.of(probe);
    }

    @Override
    public void close() {
        probe.close();
    }
}
