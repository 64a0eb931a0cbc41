package io.nodetelemetry.internal.collectors.containers;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.AgentMetrics;
import io.nodetelemetry.internal.metrics.ContainerMetrics;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.Reporting;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.UnitProperties;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of every container that is reported, and how many are not. Keeps the labels of a row for as long as it lives. */
final class ContainerRows {
    private static final Map<Reporting, Labels> STATES = Stream.of(Reporting.values())
            .collect(Collectors.toUnmodifiableMap(
                    reporting -> reporting,
                    reporting -> Labels.of(reporting.name().toLowerCase(Locale.ROOT))));

    private static final Labels ENDED = Labels.of("ended");

    private Map<ContainerId, Row> rows = Map.of();

    private record Row(Labels info, Labels id) {}

    /**
     * The tables of this moment: info, restarts, counts by state.
     *
     * @param containers all that are known, oldest first
     * @param restarts by id, where there were any
     */
    List<MetricTable> tables(Collection<Container> containers, Map<ContainerId, Long> restarts) {
        Map<ContainerId, Container> shown = new LinkedHashMap<>();
        for (Container container : containers) {
            container.id().ifPresent(id -> shown.merge(id, container, ContainerRows::betterOf));
        }
        Map<ContainerId, Row> current = new LinkedHashMap<>();
        MetricTable.Builder info = MetricTable.builder(ContainerMetrics.CONTAINER_INFO);
        MetricTable.Builder restarted = MetricTable.builder(ContainerMetrics.RESTARTS);
        shown.forEach((id, container) -> {
            Row row = row(rows.get(id), id, container);
            current.put(id, row);
            info.row(row.info()).set(0, 1);
            restarted.row(row.id()).set(0, restarts.getOrDefault(id, 0L));
        });
        rows = current;
        return List.of(info.build(), restarted.build(), states(containers));
    }

    /** Of two with one name, the one that runs; of two that run or ended, the one that is younger. */
    private static Container betterOf(Container older, Container younger) {
        return older.endedAt().isEmpty() && younger.endedAt().isPresent() ? older : younger;
    }

    private static Row row(@Nullable Row last, ContainerId id, Container container) {
        Optional<UnitProperties> unit = container.metadata().flatMap(ContainerMetadata::unit);
        Labels info = Labels.of(
                id.value(),
                container.metadata().map(ContainerMetadata::image).orElse(""),
                unit.map(UnitProperties::triggeredBy).orElse(""),
                unit.map(UnitProperties::type).orElse(""));
        if (last == null) {
            return new Row(info, Labels.of(id.value()));
        }
        return last.info().equals(info) ? last : new Row(info, last.id());
    }

    private static MetricTable states(Collection<Container> containers) {
        Map<Reporting, Long> counts = new EnumMap<>(Reporting.class);
        long ended = 0;
        for (Container container : containers) {
            Reporting reporting = container.reporting();
            if (reporting == Reporting.REPORTED && container.endedAt().isPresent()) {
                ended++;
            } else {
                counts.merge(reporting, 1L, Long::sum);
            }
        }
        MetricTable.Builder table = MetricTable.builder(AgentMetrics.CONTAINERS);
        for (Reporting reporting : Reporting.values()) {
            table.row(Objects.requireNonNull(STATES.get(reporting))).set(0, counts.getOrDefault(reporting, 0L));
        }
        table.row(ENDED).set(0, ended);
        return table.build();
    }
}
