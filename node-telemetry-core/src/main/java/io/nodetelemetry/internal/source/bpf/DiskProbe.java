package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfLink;
import io.nodetelemetry.internal.ffm.BpfMap;
import io.nodetelemetry.internal.ffm.BpfObject;
import io.nodetelemetry.internal.ffm.Libbpf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The mounts that cgroups write to, found by a look at all open files: {@code disks.bpf.c}. Linux 5.8 with BTF.
 *
 * <p>For one thread. Nothing runs in the kernel between two looks.
 */
public final class DiskProbe implements WrittenMounts {
    private static final String PROGRAM = "find_written_mounts";
    /** The program writes nothing; its results are in the map. */
    private static final int MAX_ITERATOR_BYTES = 0;

    private final Libbpf libbpf;
    private final BpfObject object;
    private final BpfMap mounts;
    private final BpfLink iterator;
    private long found;

    private DiskProbe(Libbpf libbpf, BpfObject object) throws IOException {
        this.libbpf = libbpf;
        this.object = object;
        mounts = object.map("written_mounts");
        iterator = object.program(PROGRAM).attachIterator();
    }

    /**
     * Loads the iterator.
     *
     * @throws IOException if the kernel refuses; everything is released then
     */
    public static DiskProbe open(Libbpf libbpf) throws IOException {
        BpfObject object = libbpf.open("disks", BpfResources.read("disks"));
        try {
            object.load();
            return new DiskProbe(libbpf, object);
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    @Override
    public List<WrittenMount> find() throws IOException {
        // Both clocks are CLOCK_MONOTONIC.
        long start = System.nanoTime();
        iterator.runIterator(MAX_ITERATOR_BYTES);
        List<WrittenMount> current = new ArrayList<>();
        List<byte[]> stale = new ArrayList<>();
        mounts.forEach((key, value) -> {
            if (value.getLong(0) - start >= 0) {
                current.add(WrittenMount.decode(key));
            } else {
                stale.add(bytes(key));
            }
        });
        for (byte[] key : stale) {
            mounts.delete(key);
        }
        found = current.size();
        return current;
    }

    private static byte[] bytes(ByteBuffer key) {
        byte[] copy = new byte[WrittenMount.SIZE];
        key.get(0, copy);
        return copy;
    }

    @Override
    public String name() {
        return "disks";
    }

    @Override
    public List<Program> programs() throws IOException {
        return List.of(
                new Program(PROGRAM, "iter", object.program(PROGRAM).info().recursionMisses()));
    }

    @Override
    public List<Fill> fills() {
        return List.of(new Fill("written_mounts", found, mounts.maxEntries()));
    }

    @Override
    public Map<String, Long> drops() throws IOException {
        return DropCounters.read(object.map("drops"), libbpf.possibleCpus(), DropReason.MOUNT);
    }

    @Override
    public void close() {
        object.close();
    }
}
