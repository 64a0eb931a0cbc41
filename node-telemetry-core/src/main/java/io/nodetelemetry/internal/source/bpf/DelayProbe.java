package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfLink;
import io.nodetelemetry.internal.ffm.BpfMap;
import io.nodetelemetry.internal.ffm.BpfObject;
import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * For what tasks wait, by cgroup: {@code delays.bpf.c}. Linux 5.8 with BTF. Sees the tasks of the pid namespace it is
 * opened in, so the host's for all of them, and those that end wherever they are.
 *
 * <p>For one thread.
 */
public final class DelayProbe implements BpfProbe {
    private static final String TASK_EXITED = "task_exited";
    private static final String TASK_FREED = "task_freed";
    private static final String SUM_LIVING_TASKS = "sum_living_tasks";
    /** The iterator counts into a map and writes nothing. */
    private static final int MAX_ITERATOR_BYTES = 0;

    private final Libbpf libbpf;
    private final BpfObject object;
    private final BpfMap ended;
    private final BpfMap living;
    private final BpfMap lastPass;
    private final BpfLink iterator;
    private long endedCount;
    private long livingCount;
    private boolean blockDelays;

    private DelayProbe(Libbpf libbpf, BpfObject object) throws IOException {
        this.libbpf = libbpf;
        this.object = object;
        ended = object.map("ended_tasks");
        living = object.map("living_tasks");
        lastPass = object.map("last_pass");
        object.program(TASK_EXITED).attach();
        object.program(TASK_FREED).attach();
        iterator = object.program(SUM_LIVING_TASKS).attachIterator();
    }

    /**
     * Loads and attaches.
     *
     * @param maxCgroups cgroups with tasks, living or ended, that are told apart at a time
     * @throws IOException if the kernel refuses; everything is released then
     */
    public static DelayProbe open(Libbpf libbpf, int maxCgroups) throws IOException {
        BpfObject object = libbpf.open("delays", BpfResources.read("delays"));
        try {
            object.maxEntries("ended_tasks", maxCgroups);
            object.maxEntries("living_tasks", maxCgroups);
            object.load();
            return new DelayProbe(libbpf, object);
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /**
     * Sums up, by cgroup. The ended tasks are read before the living ones are gone through, so a task is never in a sum
     * twice. While it ends it is in none, which takes as long as its memory takes to be torn down.
     */
    public Map<CgroupRef, TaskDelays> read() throws IOException {
        Map<CgroupRef, TaskDelays> sums = new LinkedHashMap<>();
        ended.forEach((key, value) -> sums.put(TcpDecoder.cgroup(key), DelayDecoder.ended(value)));
        endedCount = sums.size();
        iterator.runIterator(MAX_ITERATOR_BYTES);
        byte[] pass = new byte[DelayDecoder.PASS_SIZE];
        if (!lastPass.lookup(new byte[Integer.BYTES], pass)) {
            throw new IOException("map last_pass has no entry 0");
        }
        long session = TcpDecoder.wrap(pass).getLong(DelayDecoder.PASS_SESSION_OFFSET);
        blockDelays = TcpDecoder.wrap(pass).getLong(DelayDecoder.HAS_BLOCK_DELAYS_OFFSET) != 0;
        List<CgroupRef> stale = new ArrayList<>();
        livingCount = 0;
        living.forEach((key, value) -> {
            livingCount++;
            CgroupRef cgroup = TcpDecoder.cgroup(key);
            if (DelayDecoder.session(value) == session) {
                sums.merge(cgroup, DelayDecoder.living(value), TaskDelays::plus);
            } else {
                stale.add(cgroup);
            }
        });
        for (CgroupRef cgroup : stale) {
            living.delete(TcpDecoder.encode(cgroup));
        }
        return sums;
    }

    /** Forgets the tasks of a cgroup that ended, and returns what they had; empty if there were none. */
    public Optional<TaskDelays> remove(CgroupRef cgroup) throws IOException {
        byte[] value = new byte[DelayDecoder.ROW_SIZE];
        return ended.lookupAndDelete(TcpDecoder.encode(cgroup), value)
                ? Optional.of(DelayDecoder.ended(TcpDecoder.wrap(value)))
                : Optional.empty();
    }

    /** Whether this kernel can account block I/O delays at all, as of the last read. */
    public boolean hasBlockDelays() {
        return blockDelays;
    }

    @Override
    public String name() {
        return "delays";
    }

    @Override
    public List<Program> programs() throws IOException {
        return List.of(
                program(TASK_EXITED, "tp_btf"), program(TASK_FREED, "tp_btf"), program(SUM_LIVING_TASKS, "iter"));
    }

    private Program program(String name, String hook) throws IOException {
        return new Program(name, hook, object.program(name).info().recursionMisses());
    }

    @Override
    public List<Fill> fills() {
        return List.of(
                new Fill("ended_tasks", endedCount, ended.maxEntries()),
                new Fill("living_tasks", livingCount, living.maxEntries()));
    }

    @Override
    public Map<String, Long> drops() throws IOException {
        return new LinkedHashMap<>(DropCounters.read(
                object.map("drops"), libbpf.possibleCpus(), DropReason.DELAY_ROW, DropReason.DELAY_JUMP));
    }

    @Override
    public void close() {
        object.close();
    }
}
