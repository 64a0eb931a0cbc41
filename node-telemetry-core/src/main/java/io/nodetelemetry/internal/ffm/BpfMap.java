package io.nodetelemetry.internal.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A map of a {@link BpfObject}. Keys and values are the bytes of the C types, in native order; arrays of another length
 * than {@link #keySize} and {@link #valueBytes} are refused.
 *
 * <p>Safe for threads to share: one call at a time, as the native buffers are kept from call to call. A long
 * {@link #forEach} holds up other users of the same map in this process, never the programs in the kernel.
 */
public final class BpfMap {
    /** Receives the entries of a map. */
    @FunctionalInterface
    public interface MapEntryConsumer {
        /**
         * Takes one entry. The buffers are read-only, in native byte order, at position 0, and hold this entry only
         * during the call.
         */
        void accept(ByteBuffer key, ByteBuffer value);
    }

    private static final int BPF_MAP_TYPE_PERCPU_HASH = LibbpfSyscalls.LIBRARY.constant("BPF_MAP_TYPE_PERCPU_HASH", 5);
    private static final int BPF_MAP_TYPE_PERCPU_ARRAY =
            LibbpfSyscalls.LIBRARY.constant("BPF_MAP_TYPE_PERCPU_ARRAY", 6);
    private static final int BPF_MAP_TYPE_LRU_PERCPU_HASH =
            LibbpfSyscalls.LIBRARY.constant("BPF_MAP_TYPE_LRU_PERCPU_HASH", 10);
    private static final int BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE =
            LibbpfSyscalls.LIBRARY.constant("BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE", 21);

    private final Object lock = new Object();
    private final MemorySegment pointer;
    private final String name;
    private final int possibleCpus;
    private @Nullable Kernel kernel;
    private boolean closed;
    private boolean walking;
    private boolean combinedMissing;

    /** What exists from load to close: the descriptor and the buffers around it. */
    private record Kernel(int fd, int valueBytes, Arena arena, MemorySegment key, MemorySegment value, MapWalk walk) {}

    BpfMap(MemorySegment pointer, String name, int possibleCpus) {
        this.pointer = pointer;
        this.name = name;
        this.possibleCpus = possibleCpus;
    }

    MemorySegment pointer() {
        return pointer;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed() closes it
    void loaded() {
        synchronized (lock) {
            int valueBytes = valueBytesOfDefinition();
            Arena arena = Arena.ofShared();
            kernel = new Kernel(
                    LibbpfObjects.mapFd(pointer),
                    valueBytes,
                    arena,
                    arena.allocate(Math.max(1, LibbpfObjects.mapKeySize(pointer)), Long.BYTES),
                    arena.allocate(Math.max(1, valueBytes), Long.BYTES),
                    new MapWalk(
                            name,
                            LibbpfObjects.mapFd(pointer),
                            LibbpfObjects.mapKeySize(pointer),
                            valueBytes,
                            LibbpfObjects.mapMaxEntries(pointer)));
        }
    }

    /** Fails if this thread is inside {@link #forEach}, whose memory a close would take away. */
    void refuseInsideWalk() {
        if (Thread.holdsLock(lock) && walking) {
            throw new IllegalStateException("map " + name + " is being walked by the thread that closes it");
        }
    }

    void closed() {
        synchronized (lock) {
            closed = true;
            Kernel open = kernel;
            if (open != null) {
                kernel = null;
                open.walk().close();
                open.arena().close();
            }
        }
    }

    /** Its C name, or the data section it holds. */
    public String name() {
        return name;
    }

    /** The descriptor that the object holds; not to be closed. Negative if the map was not created. */
    public int fd() {
        synchronized (lock) {
            return kernel().fd();
        }
    }

    /** Bytes of a key. */
    public int keySize() {
        return definition(LibbpfObjects::mapKeySize);
    }

    /** Bytes of a value; of one CPU's value in a per-CPU map. */
    public int valueSize() {
        return definition(LibbpfObjects::mapValueSize);
    }

    /**
     * Bytes of a value as {@link #lookup}, {@link #update} and {@link #forEach} have it: {@link #valueSize}, and for a
     * per-CPU map that rounded up to 8, times the possible CPUs.
     */
    public int valueBytes() {
        return definition(ignored -> valueBytesOfDefinition());
    }

    /** Its capacity in entries; in bytes for a ring buffer. */
    public int maxEntries() {
        return definition(LibbpfObjects::mapMaxEntries);
    }

    /** {@code enum bpf_map_type} of linux/bpf.h. */
    public int type() {
        return definition(LibbpfObjects::mapType);
    }

    private int definition(ToIntFunction<MemorySegment> property) {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("map " + name + " is closed");
            }
            return property.applyAsInt(pointer);
        }
    }

    private int valueBytesOfDefinition() {
        int type = LibbpfObjects.mapType(pointer);
        int size = LibbpfObjects.mapValueSize(pointer);
        boolean perCpu = type == BPF_MAP_TYPE_PERCPU_HASH
                || type == BPF_MAP_TYPE_PERCPU_ARRAY
                || type == BPF_MAP_TYPE_LRU_PERCPU_HASH
                || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
        return perCpu ? Math.multiplyExact(Math.addExact(size, 7) & ~7, possibleCpus) : size;
    }

    /** Reads the value of a key into {@code valueOut}; false, and nothing written, if there is none. */
    public boolean lookup(byte[] key, byte[] valueOut) throws IOException {
        synchronized (lock) {
            Kernel k = prepare(key, valueOut);
            return read("bpf_map_lookup_elem", LibbpfSyscalls.lookupElem(k.fd(), k.key(), k.value()), k, valueOut);
        }
    }

    /**
     * Sets the value of a key.
     *
     * @param flags 0 for any case, 1 (BPF_NOEXIST) to create only, 2 (BPF_EXIST) to replace only
     */
    public void update(byte[] key, byte[] value, long flags) throws IOException {
        synchronized (lock) {
            Kernel k = prepare(key, value);
            MemorySegment.copy(value, 0, k.value(), ValueLayout.JAVA_BYTE, 0, value.length);
            check("bpf_map_update_elem", LibbpfSyscalls.updateElem(k.fd(), k.key(), k.value(), flags));
        }
    }

    /** Removes a key; false if it was not there. */
    public boolean delete(byte[] key) throws IOException {
        synchronized (lock) {
            Kernel k = prepareKey(key);
            return check("bpf_map_delete_elem", LibbpfSyscalls.deleteElem(k.fd(), k.key()));
        }
    }

    /**
     * Reads and removes a key in one step; false if it was not there. Kernels before 5.14 cannot do that to a hash map:
     * there it is a lookup and then a delete, and what a program adds in between is lost.
     */
    public boolean lookupAndDelete(byte[] key, byte[] valueOut) throws IOException {
        synchronized (lock) {
            Kernel k = prepare(key, valueOut);
            if (!combinedMissing) {
                int result = LibbpfSyscalls.lookupAndDeleteElem(k.fd(), k.key(), k.value());
                if (!MapWalk.isUnsupported(result)) {
                    return read("bpf_map_lookup_and_delete_elem", result, k, valueOut);
                }
                combinedMissing = true;
            }
            return lookup(key, valueOut) && delete(key);
        }
    }

    /**
     * Reads the whole map, thousands of entries a system call (Linux 5.6; key by key where the kernel cannot). An entry
     * of a hash map that exists from start to end is given exactly once; one that comes or goes meanwhile, at most once.
     * Key by key, a walk that meets a deleted key starts again, and entries may be given twice.
     *
     * <p>The consumer may use this map's other methods, but not walk it again.
     */
    public void forEach(MapEntryConsumer consumer) throws IOException {
        walk(walk -> walk.forEach(consumer));
    }

    /**
     * Empties a hash map, thousands of entries a system call (Linux 5.6): each entry is read and removed in one step.
     * What an exception of the consumer leaves behind is partly removed.
     *
     * <p>The consumer may use this map's other methods, but not walk it again.
     */
    public void drain(MapEntryConsumer consumer) throws IOException {
        walk(walk -> walk.drain(consumer));
    }

    private interface Walker {
        void go(MapWalk walk) throws IOException;
    }

    private void walk(Walker walker) throws IOException {
        synchronized (lock) {
            Kernel k = kernel();
            if (walking) {
                throw new IllegalStateException("map " + name + " is already being walked by this thread");
            }
            walking = true;
            try {
                walker.go(k.walk());
            } finally {
                walking = false;
            }
        }
    }

    private Kernel prepare(byte[] key, byte[] value) {
        Kernel k = prepareKey(key);
        if (value.length != k.valueBytes()) {
            throw new IllegalArgumentException(
                    "map " + name + " has values of " + k.valueBytes() + " bytes, not " + value.length);
        }
        return k;
    }

    private Kernel prepareKey(byte[] key) {
        Kernel k = kernel();
        int keySize = LibbpfObjects.mapKeySize(pointer);
        if (key.length != keySize) {
            throw new IllegalArgumentException("map " + name + " has keys of " + keySize + " bytes, not " + key.length);
        }
        MemorySegment.copy(key, 0, k.key(), ValueLayout.JAVA_BYTE, 0, key.length);
        return k;
    }

    private Kernel kernel() {
        Kernel k = kernel;
        if (k == null) {
            throw new IllegalStateException("map " + name + " is " + (closed ? "closed" : "not loaded"));
        }
        return k;
    }

    private boolean read(String call, int result, Kernel k, byte[] valueOut) throws ErrnoException {
        if (!check(call, result)) {
            return false;
        }
        MemorySegment.copy(k.value(), ValueLayout.JAVA_BYTE, 0, valueOut, 0, valueOut.length);
        return true;
    }

    /** True for success, false for a key that is not there. */
    private boolean check(String call, int result) throws ErrnoException {
        if (result == 0) {
            return true;
        }
        if (result == -Errno.ENOENT) {
            return false;
        }
        throw new ErrnoException(call + " " + name, -result);
    }
}
