package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.AgentMetrics;
import io.nodetelemetry.internal.metrics.ResourceMetrics;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.ContainerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long each container's tasks waited for a CPU and for block I/O, those included that lived for milliseconds. */
public final class DelaysCollector implements Collector, ContainerListener {
    private static final Logger LOG = LoggerFactory.getLogger(DelaysCollector.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final List<? extends Opener> openers;
    private final Duration interval;
    private final AccountingSwitch accounting;
    private final DelayLedger ledger;
    private @Nullable DelaySource source;
    private String warned = "";
    private Map<ContainerId, Labels> lastRows = Map.of();

    /** Opens a source. */
    @FunctionalInterface
    public interface Opener {
        /**
         * A source that is ready.
         *
         * @param context where the kernel's file systems are
         * @throws CollectorUnavailableException if it does not work here, with the remedy; the next way is tried then
         */
        DelaySource open(CollectorContext context) throws Exception;
    }

    /**
     * A collector that is not started.
     *
     * @param openers the ways to learn of delays, best first; the first that works is used
     * @param interval how often delays are read
     * @param enable whether the kernel's accounting is switched on if it is off
     */
    public DelaysCollector(
            List<? extends Opener> openers, ContainerRegistry registry, Duration interval, boolean enable) {
        this.openers = List.copyOf(openers);
        this.interval = interval;
        accounting = new AccountingSwitch(enable);
        ledger = new DelayLedger(registry);
        registry.listen(this);
    }

    @Override
    public String name() {
        return "delays";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(
                ResourceMetrics.CPU_DELAY,
                ResourceMetrics.DISK_DELAY,
                AgentMetrics.DELAY_ACCOUNTING_ENABLED,
                AgentMetrics.DELAY_SOURCE_INFO);
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public void start(CollectorContext context) throws Exception {
        accounting.start(context.procRoot());
        List<String> reasons = new ArrayList<>();
        for (Opener opener : openers) {
            try {
                DelaySource opened = opener.open(context);
                source = opened;
                warnOnce(opened.way(), reasons);
                return;
            } catch (CollectorUnavailableException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
        }
        throw new CollectorUnavailableException(String.join("; ", reasons));
    }

    private void warnOnce(String way, List<String> reasons) {
        String why = String.join("; ", reasons);
        if (!why.isEmpty() && !why.equals(warned)) {
            LOG.warn("Delays are read by {}, not by a better way: {}", way, why);
        }
        warned = why;
    }

    @Override
    public List<MetricTable> collect() throws Exception {
        DelaySource open = source;
        if (open == null) {
            throw new CollectorUnavailableException("not started");
        }
        ledger.read(open, System.nanoTime());
        MetricTable.Builder info = MetricTable.builder(AgentMetrics.DELAY_SOURCE_INFO);
        info.row(Labels.of(open.way())).set(0, 1L);
        return List.of(delays(open), info.build(), accounting.table());
    }

    private MetricTable delays(DelaySource from) {
        MetricTable.Builder table = MetricTable.builder(ResourceMetrics.CPU_DELAY, ResourceMetrics.DISK_DELAY);
        Map<ContainerId, Labels> rows = new HashMap<>();
        ledger.byId().forEach((id, total) -> {
            Labels known = lastRows.get(id);
            Labels labels = known == null ? Labels.of(id.value()) : known;
            rows.put(id, labels);
            table.row(labels).set(0, total.runNanos() / NANOS_PER_SECOND);
            if (from.hasBlockDelays()) {
                table.set(1, total.blockNanos() / NANOS_PER_SECOND);
            }
        });
        lastRows = rows;
        return table.build();
    }

    @Override
    public void forgotten(Container container, Optional<Container> heir) {
        DelaySource open = source;
        if (open == null) {
            return;
        }
        try {
            ledger.forget(container, heir, open, System.nanoTime());
        } catch (IOException e) {
            // Its row stays in the kernel's map until it is found to be nobody's.
            LOG.warn("The delays of {} could not be removed", container.key(), e);
        }
    }

    /** What could not be kept or shown, by reason; zeros included. */
    public Map<String, Long> drops() {
        Map<String, Long> drops = new LinkedHashMap<>();
        drops.put("impossible_growth", ledger.jumps());
        DelaySource open = source;
        if (open != null) {
            drops.putAll(open.drops());
        }
        return drops;
    }

    /** What is loaded; empty while the collector is off or without BPF. */
    public Optional<BpfProbe> probe() {
        return Optional.ofNullable(source).flatMap(DelaySource::probe);
    }

    @Override
    public void close() {
        DelaySource open = source;
        source = null;
        if (open != null) {
            ledger.sourceClosed();
            open.close();
        }
    }
}
