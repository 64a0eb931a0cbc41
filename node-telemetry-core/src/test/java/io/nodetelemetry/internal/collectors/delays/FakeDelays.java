package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The kernel's sums as plain ones. */
final class FakeDelays implements DelaySource {
    final Map<CgroupRef, TaskDelays> living = new LinkedHashMap<>();
    final Map<CgroupRef, TaskDelays> ended = new LinkedHashMap<>();
    boolean blockDelays = true;
    boolean closed;

    @Override
    public String way() {
        return "fake";
    }

    @Override
    public Map<CgroupRef, TaskDelays> read() {
        Map<CgroupRef, TaskDelays> sums = new LinkedHashMap<>(ended);
        living.forEach((cgroup, delays) -> sums.merge(cgroup, delays, TaskDelays::plus));
        return sums;
    }

    @Override
    public boolean hasBlockDelays() {
        return blockDelays;
    }

    @Override
    public Optional<TaskDelays> remove(CgroupRef cgroup) {
        return Optional.ofNullable(ended.remove(cgroup));
    }

    @Override
    public Map<String, Long> drops() {
        return Map.of("lost", 3L);
    }

    @Override
    public Optional<BpfProbe> probe() {
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
    }
}
