package io.nodetelemetry.internal.collectors.resources;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.source.cgroupfs.ContainerAccounts;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerListener;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.Reporting;
import io.nodetelemetry.model.ContainerId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CPU, memory and pressure of containers, from the files of their cgroups.
 *
 * <p>All are read once per interval. Those that began to run less than ten seconds ago are read at every turn besides
 * ({@link #readYoung}), so that one that lives for three seconds still shows what it used. An ended container keeps its
 * last counts until the registry forgets it. All methods belong to the agent's thread.
 */
public final class ResourcesCollector implements Collector, ContainerListener, PartlyWorking {
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private final ContainerRegistry registry;
    private final Duration interval;
    /** As many as there are containers. */
    private final Map<Container, ContainerReading> readings = new HashMap<>();

    private InstantSource clock = InstantSource.system();
    private @Nullable ContainerAccounts accounts;
    private boolean everCollected;
    private long unreadable;
    private Optional<String> degraded = Optional.empty();

    /**
     * Opens nothing yet.
     *
     * @param interval between two readings of a container
     */
    public ResourcesCollector(ContainerRegistry registry, Duration interval) {
        this.registry = registry;
        this.interval = interval;
        registry.listen(this);
    }

    @Override
    public String name() {
        return "resources";
    }

    @Override
    public List<MetricFamily> families() {
        return Stream.concat(ResourceTables.USAGE.stream(), ResourceTables.PRESSURE.stream())
                .toList();
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public void start(CollectorContext context) throws CollectorUnavailableException {
        clock = context.clock();
        try {
            accounts = ContainerAccounts.open(context.cgroupRoot(), context.procRoot());
        } catch (CgroupfsUnavailableException e) {
            throw new CollectorUnavailableException(String.valueOf(e.getMessage()), e);
        }
        everCollected = false;
    }

    /**
     * Reads all containers.
     *
     * @throws CollectorUnavailableException if there are containers and not one can be read
     */
    @Override
    public List<MetricTable> collect() throws CollectorUnavailableException {
        follow();
        int read = 0;
        IOException failure = null;
        for (ContainerReading reading : readings.values()) {
            try {
                reading.read();
                read++;
            } catch (IOException e) {
                unreadable++;
                failure = e;
            }
        }
        degraded = Optional.ofNullable(failure).map(cause -> cause.getMessage() + "; run the agent as root");
        if (degraded.isPresent() && read == 0) {
            throw new CollectorUnavailableException(degraded.get(), failure);
        }
        return tables();
    }

    /**
     * The part of this collector that is called at every turn. It has no metrics: what it reads is shown with the rest.
     */
    public Collector readYoung() {
        return new Collector() {
            @Override
            public String name() {
                return "young_resources";
            }

            @Override
            public List<MetricFamily> families() {
                return List.of();
            }

            @Override
            public void start(CollectorContext context) {}

            @Override
            public List<MetricTable> collect() {
                collectYoung();
                return List.of();
            }

            @Override
            public void close() {}
        };
    }

    private void collectYoung() {
        if (accounts == null) {
            return;
        }
        follow();
        Instant now = clock.instant();
        for (ContainerReading reading : readings.values()) {
            if (reading.isYoung(now)) {
                try {
                    reading.read();
                } catch (IOException e) {
                    unreadable++;
                }
            }
        }
    }

    /** Takes up what is new and where it is now. What runs before the first look is not young. */
    private void follow() {
        ContainerAccounts from = accounts;
        if (from == null) {
            return;
        }
        Instant young = everCollected ? clock.instant().plus(YOUNG) : Instant.MIN;
        everCollected = true;
        for (Container container : registry.containers()) {
            if (container.reporting() == Reporting.HIDDEN) {
                drop(container);
            } else if (container.observed()) {
                ContainerReading reading = readings.get(container);
                if (reading == null) {
                    reading = new ContainerReading(container, from);
                    readings.put(container, reading);
                }
                reading.locate(young);
            }
        }
    }

    private List<MetricTable> tables() {
        Map<ContainerId, ContainerReading> shown = new LinkedHashMap<>();
        for (Container container : registry.containers()) {
            ContainerReading reading = readings.get(container);
            if (reading != null) {
                reading.labels().ifPresent(labels -> shown.merge(labels.id(), reading, ContainerReading::betterOf));
            }
        }
        ResourceTables tables = new ResourceTables();
        for (ContainerReading reading : shown.values()) {
            reading.labels().ifPresent(labels -> tables.add(reading, labels));
        }
        return tables.build();
    }

    @Override
    public void forgotten(Container container, Optional<Container> heir) {
        drop(container);
    }

    private void drop(Container container) {
        ContainerReading reading = readings.remove(container);
        if (reading != null) {
            reading.release();
        }
    }

    /** The last container that could not be read while others could. */
    @Override
    public Optional<String> degraded() {
        return degraded;
    }

    /** What could not be read though it was there, by reason; zeros included. */
    public Map<String, Long> drops() {
        return Map.of("unreadable_container", unreadable);
    }

    /** Closes all files; what was read last is forgotten. */
    @Override
    public void close() {
        readings.clear();
        ContainerAccounts open = accounts;
        accounts = null;
        if (open != null) {
            open.close();
        }
    }
}
