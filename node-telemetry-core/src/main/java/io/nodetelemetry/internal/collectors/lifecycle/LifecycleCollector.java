package io.nodetelemetry.internal.collectors.lifecycle;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.LifecycleProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the kernel's lifecycle events to whoever keeps the containers. Without it containers are still found by the
 * periodic look at the cgroup tree, only later, and short-lived ones are missed. It has no metrics of its own.
 */
public final class LifecycleCollector implements Collector {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleCollector.class);

    private final Callable<LifecycleProbe> opener;
    private @Nullable LifecycleProbe probe;

    /** A collector that is not started; {@code opener} loads, attaches and knows where events go. */
    public LifecycleCollector(Callable<LifecycleProbe> opener) {
        this.opener = opener;
    }

    @Override
    public String name() {
        return "lifecycle";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of();
    }

    @Override
    public void start(CollectorContext context) throws Exception {
        probe = opener.call();
    }

    @Override
    public List<MetricTable> collect() throws Exception {
        LifecycleProbe open = probe;
        if (open != null) {
            open.poll(Duration.ZERO);
        }
        return List.of();
    }

    /**
     * Waits for events and hands them on; without a probe it only waits.
     *
     * @param timeout the longest wait
     */
    public void await(Duration timeout) throws InterruptedException {
        if (!poll(timeout)) {
            Thread.sleep(timeout);
        }
    }

    /** Hands on what events there are. */
    public void takeAll() {
        var _ = poll(Duration.ZERO);
    }

    private boolean poll(Duration timeout) {
        LifecycleProbe open = probe;
        if (open == null) {
            return false;
        }
        try {
            open.poll(timeout);
            return true;
        } catch (IOException | RuntimeException e) {
            // The loop goes on whatever an event brought about; a lasting fault shows in collect(), which counts it.
            LOG.debug("Waiting for events failed", e);
            return false;
        }
    }

    /** What is loaded; empty while the collector is off. */
    public Optional<BpfProbe> probe() {
        return Optional.ofNullable(probe);
    }

    @Override
    public void close() {
        LifecycleProbe open = probe;
        probe = null;
        if (open != null) {
            open.close();
        }
    }
}
