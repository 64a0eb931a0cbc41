package io.nodetelemetry.collector;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One metric: everything about it but its values. Name and unit are OpenTelemetry's; the Prometheus name follows from
 * them by the OpenTelemetry compatibility specification (unit and {@code _total} are appended), so neither may stand in
 * the name.
 *
 * <pre>{@code
 * MetricFamily CPU = MetricFamily.counter("container_resources_cpu_usage", "s", ValueType.DOUBLE,
 *         "CPU time used by the container's tasks.", "container_id");   // container_resources_cpu_usage_seconds_total
 * }</pre>
 *
 * @param name snake case, unique in the catalog
 * @param unit UCUM: {@code s}, {@code By}, {@code Cel}, {@code W}, {@code %}, an annotation such as
 *     <code>{connection}</code>, or empty
 * @param kind counter or gauge
 * @param type whether values are whole numbers
 * @param description one sentence for people, ending in a full stop
 * @param keys attribute keys, snake case, in alphabetical order, without those that every series carries
 */
public record MetricFamily(
        String name, String unit, MetricKind kind, ValueType type, String description, List<String> keys) {

    /** How a value is stored and exported. */
    public enum ValueType {
        /** Whole numbers. */
        LONG,
        /** Fractions, such as seconds. */
        DOUBLE
    }

    public MetricFamily {
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(description, "description");
        keys = List.copyOf(keys);
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("metric name must be snake case: " + name);
        }
        if (unitSuffix(unit) == null) {
            throw new IllegalArgumentException(
                    name + ": unit must be s, By, Cel, W, %, an annotation in braces or empty: " + unit);
        }
        for (String key : keys) {
            if (!key.matches("[a-z][a-z0-9_]*")) {
                throw new IllegalArgumentException(name + ": attribute keys must be snake case: " + key);
            }
        }
        if (!keys.equals(keys.stream().sorted().distinct().toList())) {
            throw new IllegalArgumentException(name + ": attribute keys must be distinct and sorted: " + keys);
        }
    }

    /** A counter; see the record's parameters. */
    public static MetricFamily counter(String name, String unit, ValueType type, String description, String... keys) {
        return new MetricFamily(name, unit, MetricKind.COUNTER, type, description, List.of(keys));
    }

    /** A gauge; see the record's parameters. */
    public static MetricFamily gauge(String name, String unit, ValueType type, String description, String... keys) {
        return new MetricFamily(name, unit, MetricKind.GAUGE, type, description, List.of(keys));
    }

    /** The name in the Prometheus text format, for example {@code node_resources_memory_total_bytes}. */
    public String prometheusName() {
        StringBuilder out = new StringBuilder(name);
        String suffix = prometheusUnit();
        // As Prometheus names what it receives over OTLP: a word that is there is not said again.
        if (!suffix.isEmpty() && !List.of(name.split("_", -1)).contains(suffix)) {
            out.append('_').append(suffix);
        }
        if (kind == MetricKind.COUNTER) {
            out.append("_total");
        }
        return out.toString();
    }

    /** The unit's word in Prometheus names, such as {@code seconds}; empty for annotations and for no unit. */
    public String prometheusUnit() {
        return Objects.requireNonNull(unitSuffix(unit));
    }

    /** The words of the OpenTelemetry compatibility specification; null for a unit that this product does not use. */
    private static @Nullable String unitSuffix(String unit) {
        return switch (unit) {
            case "s" -> "seconds";
            case "By" -> "bytes";
            case "Cel" -> "celsius";
            case "W" -> "watts";
            case "%" -> "percent";
            default -> unit.isEmpty() || unit.matches("\\{[a-z_ ]+}") ? "" : null;
        };
    }
}
