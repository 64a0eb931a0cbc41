package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What all logs share: the buffer that they are read into, the bounds, and the counts of what was lost. */
final class Bench implements AutoCloseable {
    /** A read's size: it lies in the second-level cache. */
    static final int CHUNK = 1 << 16;

    final LogFileLimits limits;
    final FileAccess access;

    /** What is read comes to {@link #dataAt}; before it there is room for what was there of its first line. */
    final byte[] buffer;

    final int dataAt;
    private final LongSupplier nanos;
    private final Map<Loss, LongAdder> losses = new EnumMap<>(Loss.class);
    private int descriptors;
    private long unfinished;

    Bench(LogFileLimits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        for (Loss loss : Loss.values()) {
            losses.put(loss, new LongAdder());
        }
        dataAt = Math.max(limits.maxLineBytes(), Tail.BYTES);
        buffer = new byte[dataAt + CHUNK];
        access = new FileAccess(CHUNK + Tail.BYTES);
    }

    /** Monotonic time. */
    long now() {
        return nanos.getAsLong();
    }

    void count(Loss loss) {
        count(loss, 1);
    }

    void count(Loss loss, long number) {
        Objects.requireNonNull(losses.get(loss)).add(number);
    }

    /** What was lost since the start, by reason; any thread may ask. */
    Map<String, Long> losses() {
        Map<String, Long> counts = new TreeMap<>();
        losses.forEach((loss, count) -> counts.put(loss.reason(), count.sum()));
        return counts;
    }

    /** Opens what was found, if there is room; it is to be given back by {@link #release}. */
    Fd open(Fd found) throws ErrnoException, DescriptorLimitException {
        reserve();
        try {
            return access.open(found);
        } catch (ErrnoException | RuntimeException e) {
            descriptors--;
            throw e;
        }
    }

    /** Counts what another has opened, if there is room; it is to be given back by {@link #release}. */
    void adopt(Fd open) throws DescriptorLimitException {
        try {
            reserve();
        } catch (DescriptorLimitException e) {
            open.close();
            throw e;
        }
    }

    private void reserve() throws DescriptorLimitException {
        if (descriptors >= limits.maxDescriptors()) {
            throw new DescriptorLimitException();
        }
        descriptors++;
    }

    /** Counts a descriptor that stays open, beside a log's files; it is to be given back by {@link #release}. */
    void hold() {
        descriptors++;
    }

    void release(Fd fd) {
        fd.close();
        descriptors--;
    }

    int descriptors() {
        return descriptors;
    }

    /** Whether so many bytes of an unfinished line may be kept; they are to be given back by {@link #forget}. */
    boolean keep(int bytes) {
        if (unfinished + bytes > limits.maxUnfinishedBytes()) {
            return false;
        }
        unfinished += bytes;
        return true;
    }

    void forget(int bytes) {
        unfinished -= bytes;
    }

    @Override
    public void close() {
        access.close();
    }
}
