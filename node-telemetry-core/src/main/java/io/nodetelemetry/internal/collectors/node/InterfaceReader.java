package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.collector.CollectorUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the interfaces on a thread of its own: the kernel answers under its lock on network configuration, which others can
 * hold for seconds, as when many containers end. Its methods are for the agent's thread.
 */
final class InterfaceReader implements AutoCloseable {
    /** How long a read waits for an answer. Far longer than one takes; if it takes longer, the next read shows it. */
    static final Duration WAIT = Duration.ofMillis(50);
    /** The last answer is shown for this long after the next one was asked for. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);

    private static final InterfaceReading NONE = new InterfaceReading(List.of(), List.of());

    private final Callable<InterfaceSource> opener;
    private final LongSupplier nanos;
    private final Duration wait;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("nodetelemetry-netlink").daemon().factory());
    private @Nullable InterfaceSource source;
    private @Nullable Future<InterfaceReading> pending;
    private InterfaceReading latest = NONE;
    private long askedAt;

    InterfaceReader(Callable<InterfaceSource> opener, LongSupplier nanos, Duration wait) {
        this.opener = opener;
        this.nanos = nanos;
        this.wait = wait;
    }

    /**
     * The interfaces as they are, or, while the kernel keeps us waiting, as they were when it last answered: none, before it
     * did.
     *
     * @throws IOException if they cannot be read
     * @throws CollectorUnavailableException if they may not be asked for, or the kernel keeps us waiting for too long
     */
    InterfaceReading read() throws IOException, CollectorUnavailableException {
        Future<InterfaceReading> reading = pending == null ? ask() : pending;
        try {
            latest = reading.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            pending = null;
            return latest;
        } catch (TimeoutException e) {
            return lastAnswer();
        } catch (ExecutionException e) {
            pending = null;
            if (e.getCause() instanceof CollectorUnavailableException cause) {
                throw cause;
            }
            throw e.getCause() instanceof IOException cause
                    ? cause
                    : new IOException("cannot read network interfaces", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading network interfaces", e);
        }
    }

    private Future<InterfaceReading> ask() {
        Future<InterfaceReading> asked = thread.submit(this::readNow);
        pending = asked;
        askedAt = nanos.getAsLong();
        return asked;
    }

    private InterfaceReading lastAnswer() throws CollectorUnavailableException {
        if (nanos.getAsLong() - askedAt > MAX_WAIT.toNanos()) {
            latest = NONE;
            throw new CollectorUnavailableException("the kernel does not answer rtnetlink requests; something holds its"
                    + " lock on network configuration: look for tasks in state D");
        }
        return latest;
    }

    /** Whether an answer is under way, so that asking again soon is worth it. */
    boolean awaits() {
        return pending != null;
    }

    /** On its own thread. After a failure the socket may hold half an answer: the next read opens another. */
    private InterfaceReading readNow() throws Exception {
        InterfaceSource opened = source == null ? open() : source;
        source = null;
        try {
            InterfaceReading reading = opened.read();
            source = opened;
            return reading;
        } finally {
            if (source == null) {
                opened.close();
            }
        }
    }

    private InterfaceSource open() throws Exception {
        try {
            return opener.call();
        } catch (IOException e) {
            throw new CollectorUnavailableException("cannot ask for network interfaces: " + e.getMessage(), e);
        }
    }

    /** Returns at once; the socket is closed when the kernel has answered. */
    @Override
    public void close() {
        thread.execute(() -> {
            if (source != null) {
                source.close();
                source = null;
            }
        });
        thread.shutdown();
    }
}
