package io.nodetelemetry.internal.ffm;

import io.nodetelemetry.internal.ffm.BpfMap.MapEntryConsumer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole map in batches into buffers that live as long as the map. Each entry is copied once more, into arrays
 * that stay the same: a consumer that keeps its buffers then sees other data but never freed memory.
 *
 * <p>Used by one thread at a time; the owner of the map has the lock.
 */
final class MapWalk {
    private static final int MAX_BATCH_ENTRIES = 4096;
    private static final int MAX_BATCH_BYTES = 1 << 20;

    /** Batches that found their place deleted by others, in a row, before we give up. */
    private static final int MAX_INTERRUPTED = 100;

    private final String name;
    private final int fd;
    private final int keySize;
    private final int valueBytes;
    private final int maxEntries;
    private final int firstCapacity;
    private final byte[] key;
    private final byte[] value;
    private final ByteBuffer keyView;
    private final ByteBuffer valueView;
    private @Nullable Batch batch;
    private boolean batchMissing;

    /** The native side of a batch: where it stands, where it goes on, and room for its entries. */
    private record Batch(
            Arena arena,
            int capacity,
            MemorySegment count,
            MemorySegment from,
            MemorySegment next,
            MemorySegment keys,
            MemorySegment values) {}

    MapWalk(String name, int fd, int keySize, int valueBytes, int maxEntries) {
        this(name, fd, keySize, valueBytes, maxEntries, fittingCapacity(keySize, valueBytes, maxEntries));
    }

    /** With the number of entries of the first batch. */
    MapWalk(String name, int fd, int keySize, int valueBytes, int maxEntries, int firstCapacity) {
        this.firstCapacity = firstCapacity;
        this.name = name;
        this.fd = fd;
        this.keySize = keySize;
        this.valueBytes = valueBytes;
        this.maxEntries = maxEntries;
        this.key = new byte[keySize];
        this.value = new byte[valueBytes];
        this.keyView = ByteBuffer.wrap(key).asReadOnlyBuffer().order(ByteOrder.nativeOrder());
        this.valueView = ByteBuffer.wrap(value).asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    /** Whether a result says that the kernel does not have this operation for this map. */
    static boolean isUnsupported(int result) {
        return result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP || result == -Errno.ENOTSUPP;
    }

    /** What a batch does with the entries it reads: bpf(2), BPF_MAP_LOOKUP_BATCH and its like. */
    private enum Operation {
        READ("bpf_map_lookup_batch"),
        DRAIN("bpf_map_lookup_and_delete_batch");

        private final String call;

        Operation(String call) {
            this.call = call;
        }

        int run(int fd, MemorySegment from, Batch b) {
            MemorySegment none = MemorySegment.NULL;
            return this == READ
                    ? LibbpfSyscalls.lookupBatch(fd, from, b.next(), b.keys(), b.values(), b.count(), none)
                    : LibbpfSyscalls.lookupAndDeleteBatch(fd, from, b.next(), b.keys(), b.values(), b.count(), none);
        }
    }

    void forEach(MapEntryConsumer consumer) throws IOException {
        if (batchMissing || !inBatches(Operation.READ, consumer)) {
            batchMissing = true;
            forEachByKey(consumer);
        }
    }

    /** Reads all entries and removes them. */
    void drain(MapEntryConsumer consumer) throws IOException {
        if (!inBatches(Operation.DRAIN, consumer)) {
            throw new ErrnoException(Operation.DRAIN.call + " " + name, Errno.EOPNOTSUPP, "not for this kind of map");
        }
    }

    void close() {
        if (batch != null) {
            batch.arena().close();
            batch = null;
        }
    }

    /** False, with nothing given to the consumer, if the kernel cannot do it. */
    private boolean inBatches(Operation operation, MapEntryConsumer consumer) throws IOException {
        Batch b = batch == null ? allocate(firstCapacity) : batch;
        MemorySegment from = MemorySegment.NULL;
        int interrupted = 0;
        while (true) {
            b.count().set(ValueLayout.JAVA_INT, 0, b.capacity());
            int result = operation.run(fd, from, b);
            if (result == 0 || result == -Errno.ENOENT || result == -Errno.EINTR) {
                int given = giveOut(b, consumer);
                if (result == -Errno.ENOENT) {
                    return true;
                }
                interrupted = given > 0 ? 0 : interrupted + 1;
                if (interrupted > MAX_INTERRUPTED) {
                    throw new ErrnoException(operation.call + " " + name, Errno.EINTR, "the map changes too fast");
                }
                if (result == 0 || given > 0) {
                    from = b.from().copyFrom(b.next());
                }
            } else if (result == -Errno.ENOSPC) {
                // One bucket of the hash table holds more entries than a batch.
                b = grow(b, from);
                from = from.address() == 0 ? from : b.from();
            } else if (isUnsupported(result) && from.address() == 0) {
                return false;
            } else {
                throw new ErrnoException(operation.call + " " + name, -result);
            }
        }
    }

    private int giveOut(Batch b, MapEntryConsumer consumer) {
        int count = Math.min(b.count().get(ValueLayout.JAVA_INT, 0), b.capacity());
        for (int i = 0; i < count; i++) {
            give(b.keys(), (long) i * keySize, b.values(), (long) i * valueBytes, consumer);
        }
        return count;
    }

    private void give(MemorySegment keys, long keyAt, MemorySegment values, long valueAt, MapEntryConsumer consumer) {
        MemorySegment.copy(keys, ValueLayout.JAVA_BYTE, keyAt, key, 0, keySize);
        MemorySegment.copy(values, ValueLayout.JAVA_BYTE, valueAt, value, 0, valueBytes);
        keyView.clear();
        valueView.clear();
        consumer.accept(keyView, valueView);
    }

    private static int fittingCapacity(int keySize, int valueBytes, int maxEntries) {
        int fitting = MAX_BATCH_BYTES / Math.max(1, keySize + valueBytes);
        return Math.max(1, Math.min(maxEntries, Math.min(MAX_BATCH_ENTRIES, fitting)));
    }

    private Batch grow(Batch full, MemorySegment from) throws ErrnoException {
        if (full.capacity() >= 2L * maxEntries) {
            throw new ErrnoException("bpf_map_lookup_batch " + name, Errno.ENOSPC);
        }
        byte[] place = from.address() == 0 ? new byte[0] : full.from().toArray(ValueLayout.JAVA_BYTE);
        full.arena().close();
        batch = null;
        Batch larger = allocate(full.capacity() * 2);
        MemorySegment.copy(place, 0, larger.from(), ValueLayout.JAVA_BYTE, 0, place.length);
        return larger;
    }

    @SuppressWarnings("MustBeClosedChecker") // close() and grow() close it
    private Batch allocate(int capacity) {
        Arena arena = Arena.ofShared();
        // The place in the map is a bucket number or a key, whichever the map's kind prefers.
        int placeBytes = Math.max(keySize, Long.BYTES);
        Batch allocated = new Batch(
                arena,
                capacity,
                arena.allocate(ValueLayout.JAVA_INT),
                arena.allocate(placeBytes, Long.BYTES),
                arena.allocate(placeBytes, Long.BYTES),
                arena.allocate((long) capacity * keySize, Long.BYTES),
                arena.allocate((long) capacity * valueBytes, Long.BYTES));
        batch = allocated;
        return allocated;
    }

    private void forEachByKey(MapEntryConsumer consumer) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment current = arena.allocate(Math.max(1, keySize), Long.BYTES);
            MemorySegment next = arena.allocate(Math.max(1, keySize), Long.BYTES);
            MemorySegment found = arena.allocate(Math.max(1, valueBytes), Long.BYTES);
            MemorySegment from = MemorySegment.NULL;
            // A deleted key sends the kernel back to the start: a map that never rests must not hold us for ever.
            for (long steps = 0; steps <= 4L * maxEntries; steps++) {
                int result = LibbpfSyscalls.getNextKey(fd, from, next);
                if (result == -Errno.ENOENT) {
                    return;
                }
                if (result != 0) {
                    throw new ErrnoException("bpf_map_get_next_key " + name, -result);
                }
                int lookup = LibbpfSyscalls.lookupElem(fd, next, found);
                if (lookup == 0) {
                    give(next, 0, found, 0, consumer);
                } else if (lookup != -Errno.ENOENT) {
                    throw new ErrnoException("bpf_map_lookup_elem " + name, -lookup);
                }
                from = current.copyFrom(next);
            }
            throw new IOException("map " + name + " changes faster than it can be walked key by key");
        }
    }
}
