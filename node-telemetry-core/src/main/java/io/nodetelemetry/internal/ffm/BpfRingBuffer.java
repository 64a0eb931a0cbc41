package io.nodetelemetry.internal.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a BPF ring buffer map. Owned by who opened it, and to be closed before the object of its map. Safe
 * for threads to share: {@link #close} waits until a {@link #poll} that another thread is in returns, so poll with a
 * timeout of a second or so.
 */
public final class BpfRingBuffer implements AutoCloseable {
    private static final FunctionDescriptor SAMPLE =
            LibbpfObjects.LIBRARY.callback("int ring_buffer_sample_fn(void *ctx, void *data, size_t size)");

    private final Object lock = new Object();
    private final Arena arena = Arena.ofShared();
    private final String name;
    private final Consumer<ByteBuffer> onSample;
    private MemorySegment pointer = MemorySegment.NULL;
    private @Nullable Throwable thrown;
    private boolean polling;
    private boolean closed;

    private BpfRingBuffer(String name, Consumer<ByteBuffer> onSample) {
        this.name = name;
        this.onSample = onSample;
    }

    /**
     * Opens the ring buffer for reading.
     *
     * @param libbpf says that the library is there
     * @param map of type BPF_MAP_TYPE_RINGBUF, loaded
     * @param onSample called by {@link #poll} on its thread, once a sample; the buffer is in native order and the
     *     consumer's to keep
     */
    @SuppressWarnings({"restricted", "unused"}) // the library is a token: who has one may call
    public static BpfRingBuffer open(Libbpf libbpf, BpfMap map, Consumer<ByteBuffer> onSample) throws IOException {
        BpfRingBuffer buffer = new BpfRingBuffer(map.name(), onSample);
        boolean opened = false;
        try (Arena scratch = Arena.ofConfined();
                LibbpfLog.Capture log = LibbpfLog.capture()) {
            MethodHandle sample = MethodHandles.lookup()
                    .findVirtual(BpfRingBuffer.class, "sample", SAMPLE.toMethodType())
                    .bindTo(buffer);
            MemorySegment stub = Linker.nativeLinker().upcallStub(sample, SAMPLE, buffer.arena);
            MemorySegment errno = Errno.room(scratch);
            buffer.pointer = LibbpfObjects.ringBufferNew(errno, map.fd(), stub, MemorySegment.NULL, MemorySegment.NULL);
            if (buffer.pointer.address() == 0) {
                throw new ErrnoException(
                        "open ring buffer " + map.name(),
                        Errno.in(errno),
                        LoadLog.of(log.text()).line());
            }
            opened = true;
            return buffer;
        } catch (ReflectiveOperationException e) {
            throw CLibrary.broken(e);
        } finally {
            if (!opened) {
                buffer.arena.close();
            }
        }
    }

    /**
     * Waits for samples and hands them to the consumer, until none is left.
     *
     * @param timeout how long to wait for the first, in milliseconds, rounded up
     * @return the number of samples; 0 after the timeout or a signal
     * @throws RuntimeException whatever the consumer threw; that sample is gone, the ones after it come next time
     */
    public int poll(Duration timeout) throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("ring buffer " + name + " is closed");
            }
            if (polling) {
                throw new IllegalStateException("ring buffer " + name + " is polled by its own consumer");
            }
            int result;
            polling = true;
            try {
                int millis = Math.clamp(timeout.plusNanos(999_999).toMillis(), 0, Integer.MAX_VALUE);
                result = LibbpfObjects.ringBufferPoll(pointer, millis);
                if (result == 0 && thrown == null) {
                    // Samples that were submitted without a wake-up.
                    result = LibbpfObjects.ringBufferConsume(pointer);
                }
            } finally {
                polling = false;
            }
            rethrow();
            if (result < 0 && result != -Errno.EINTR) {
                throw new ErrnoException("poll ring buffer " + name, -result);
            }
            return Math.max(0, result);
        }
    }

    private void rethrow() {
        Throwable pending = thrown;
        thrown = null;
        if (pending != null) {
            throw CLibrary.broken(pending);
        }
    }

    /** The upcall, on the polling thread: an exception that left it would end the JVM. */
    @SuppressWarnings({"restricted", "unused"}) // called by libbpf
    private int sample(MemorySegment context, MemorySegment data, long size) {
        try {
            // Copied: the memory is the ring's own, written again soon and unmapped on close.
            byte[] bytes = data.reinterpret(size).toArray(ValueLayout.JAVA_BYTE);
            onSample.accept(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
            return 0;
        } catch (Throwable t) {
            thrown = t;
            return -Errno.ECANCELED;
        }
    }

    /** Stops reading; does nothing the second time. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (polling) {
                throw new IllegalStateException("ring buffer " + name + " is closed by its own consumer");
            }
            closed = true;
            LibbpfObjects.ringBufferFree(pointer);
            arena.close();
        }
    }
}
