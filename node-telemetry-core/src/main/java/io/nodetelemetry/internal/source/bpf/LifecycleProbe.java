package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfObject;
import io.nodetelemetry.internal.ffm.BpfProgram;
import io.nodetelemetry.internal.ffm.BpfRingBuffer;
import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.model.LifecycleEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Cgroups that come and go, processes that start and end, OOM kills: {@code lifecycle.bpf.c}. Linux 5.8 with BTF.
 *
 * <p>For one thread, which calls {@link #poll}; events are handed over there and in the kernel's order per CPU.
 */
public final class LifecycleProbe implements BpfProbe {
    private static final Map<String, String> HOOKS = new LinkedHashMap<>();

    static {
        HOOKS.put("cgroup_created", "tp_btf");
        HOOKS.put("cgroup_removed", "tp_btf");
        HOOKS.put("cgroup_populated", "tp_btf");
        HOOKS.put("process_started", "tp_btf");
        HOOKS.put("process_exited", "tp_btf");
        HOOKS.put("oom_victim_marked", "raw_tp");
    }

    private final Libbpf libbpf;
    private final BpfObject object;
    private final BpfRingBuffer events;
    private long undecodable;

    private LifecycleProbe(Libbpf libbpf, BpfObject object, Consumer<LifecycleEvent> sink) throws IOException {
        this.libbpf = libbpf;
        this.object = object;
        for (String program : HOOKS.keySet()) {
            object.program(program).attach();
        }
        events = BpfRingBuffer.open(libbpf, object.map("events"), sample -> deliver(sample, sink));
    }

    /**
     * Loads and attaches.
     *
     * @param sink called during {@link #poll}
     * @throws IOException if the kernel refuses; everything is released then
     */
    public static LifecycleProbe open(Libbpf libbpf, Consumer<LifecycleEvent> sink) throws IOException {
        BpfObject object = libbpf.open("lifecycle", BpfResources.read("lifecycle"));
        try {
            object.load();
            return new LifecycleProbe(libbpf, object, sink);
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    private void deliver(ByteBuffer sample, Consumer<LifecycleEvent> sink) {
        LifecycleDecoder.decode(sample).ifPresentOrElse(sink, () -> undecodable++);
    }

    /**
     * Waits for events and hands them over.
     *
     * @param timeout the longest wait; zero takes what is there
     * @return how many were handed over
     */
    public int poll(Duration timeout) throws IOException {
        return events.poll(timeout);
    }

    @Override
    public String name() {
        return "lifecycle";
    }

    @Override
    public List<Program> programs() throws IOException {
        List<Program> programs = new ArrayList<>();
        for (Map.Entry<String, String> hook : HOOKS.entrySet()) {
            BpfProgram program = object.program(hook.getKey());
            programs.add(
                    new Program(hook.getKey(), hook.getValue(), program.info().recursionMisses()));
        }
        return programs;
    }

    @Override
    public List<Fill> fills() {
        return List.of();
    }

    @Override
    public Map<String, Long> drops() throws IOException {
        Map<String, Long> drops =
                DropCounters.read(object.map("drops"), libbpf.possibleCpus(), DropReason.EVENT, DropReason.OOM_VICTIM);
        drops.put("undecodable", undecodable);
        return drops;
    }

    @Override
    public void close() {
        events.close();
        object.close();
    }
}
