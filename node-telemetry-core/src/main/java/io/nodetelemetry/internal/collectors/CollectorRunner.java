package io.nodetelemetry.internal.collectors;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Runs all collectors, one after the other. For the agent's thread. */
public final class CollectorRunner implements AutoCloseable {
    private final List<CollectorSlot> slots = new ArrayList<>();
    private final CollectorContext context;

    /**
     * Nothing is started yet.
     *
     * @param nanos a monotonic clock
     * @throws IllegalArgumentException if two collectors have the same name or claim the same metric
     */
    public CollectorRunner(List<Collector> collectors, CollectorContext context, LongSupplier nanos) {
        this.context = context;
        Map<String, String> owners = new HashMap<>();
        Map<String, Collector> names = new HashMap<>();
        for (Collector collector : collectors) {
            if (names.put(collector.name(), collector) != null) {
                throw new IllegalArgumentException("two collectors are named " + collector.name());
            }
            for (MetricFamily family : collector.families()) {
                String other = owners.put(family.name(), collector.name());
                if (other != null) {
                    throw new IllegalArgumentException("collectors " + other + " and " + collector.name()
                            + " both return metric " + family.name());
                }
            }
            slots.add(new CollectorSlot(collector, nanos));
        }
    }

    /**
     * Starts what is not started, if its time has come; reads the others, unless what they said last is still good.
     *
     * @param readSoon whether somebody is about to read the result: then it should be fresh
     */
    public List<MetricTable> collect(boolean readSoon) {
        List<MetricTable> tables = new ArrayList<>();
        for (CollectorSlot slot : slots) {
            slot.start(context);
            tables.addAll(slot.collect(readSoon));
        }
        return tables;
    }

    /** How each collector does, in their order. */
    public List<CollectorStatus> statuses() {
        return slots.stream().map(CollectorSlot::status).toList();
    }

    /** Closes all in reverse order. */
    @Override
    public void close() {
        for (CollectorSlot slot : slots.reversed()) {
            slot.close();
        }
    }
}
