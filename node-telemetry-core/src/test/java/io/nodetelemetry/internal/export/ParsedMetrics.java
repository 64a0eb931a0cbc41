package io.nodetelemetry.internal.export;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What some exposition says, whoever wrote it: types by family, and the set of series.
 *
 * @param types Prometheus type by family name
 * @param help description by family name
 */
record ParsedMetrics(Map<String, String> types, Map<String, String> help, Set<Series> series) {
    record Series(String name, Map<String, String> labels, double value) {}

    /** Reads text format 0.0.4, strictly: an unexpected line fails, and so does a series that stands twice. */
    static ParsedMetrics ofText(String text) {
        ParsedMetrics parsed = new ParsedMetrics(new HashMap<>(), new HashMap<>(), new HashSet<>());
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", 4);
                put(parsed.types, words[2], words[3]);
            } else if (line.startsWith("# HELP ")) {
                String[] words = line.split(" ", 4);
                put(parsed.help, words[2], words[3]);
            } else if (!line.isEmpty()) {
                Series series = sample(line);
                if (!parsed.series.add(series)) {
                    throw new AssertionError("twice: " + line);
                }
            }
        }
        return parsed;
    }

    private static void put(Map<String, String> map, String name, String value) {
        if (map.put(name, value) != null) {
            throw new AssertionError("described twice: " + name);
        }
    }

    private static Series sample(String line) {
        Map<String, String> labels = new TreeMap<>();
        int at = 0;
        while (line.charAt(at) != '{' && line.charAt(at) != ' ') {
            at++;
        }
        final String name = line.substring(0, at);
        if (line.charAt(at) == '{') {
            do {
                int equals = line.indexOf("=\"", at);
                String key = line.substring(at + 1, equals);
                StringBuilder value = new StringBuilder();
                at = equals + 2;
                for (; line.charAt(at) != '"'; at++) {
                    if (line.charAt(at) != '\\') {
                        value.append(line.charAt(at));
                        continue;
                    }
                    value.append(
                            switch (line.charAt(++at)) {
                                case 'n' -> '\n';
                                case '\\' -> '\\';
                                case '"' -> '"';
                                default -> throw new AssertionError("unknown escape: " + line);
                            });
                }
                put(labels, key, value.toString());
                at++;
            } while (line.charAt(at) == ',');
            if (line.charAt(at++) != '}') {
                throw new AssertionError("not a sample: " + line);
            }
        }
        String number = line.substring(at + 1).replace("Inf", "Infinity");
        return new Series(name, labels, Double.parseDouble(number));
    }

    /** The SDK's metric data under the names that Prometheus would see. */
    static ParsedMetrics ofMetricData(Collection<MetricData> metrics, Map<String, String> prometheusNames) {
        ParsedMetrics parsed = new ParsedMetrics(new HashMap<>(), new HashMap<>(), new HashSet<>());
        for (MetricData metric : metrics) {
            if (metric.isEmpty()) {
                continue;
            }
            String name = requireNonNull(prometheusNames.get(metric.getName()), metric.getName());
            boolean sum = metric.getType() == MetricDataType.LONG_SUM || metric.getType() == MetricDataType.DOUBLE_SUM;
            put(parsed.types, name, sum ? "counter" : "gauge");
            put(parsed.help, name, metric.getDescription().replace("\\", "\\\\").replace("\n", "\\n"));
            for (PointData point : metric.getData().getPoints()) {
                Map<String, String> labels = new TreeMap<>();
                // What leaves the process is UTF-8, in which a lone surrogate is a question mark.
                point.getAttributes()
                        .forEach((key, value) ->
                                labels.put(key.getKey(), value.toString().replaceAll("\\p{Cs}", "?")));
                double value = switch (point) {
                    case LongPointData whole -> (double) whole.getValue();
                    case DoublePointData real -> real.getValue();
                    default -> throw new AssertionError(point.toString());
                };
                if (!parsed.series.add(new Series(name, labels, value))) {
                    throw new AssertionError("twice: " + name + labels);
                }
            }
        }
        return parsed;
    }

    /** The same under other names. */
    ParsedMetrics renamed(UnaryOperator<String> rename) {
        ParsedMetrics renamed = new ParsedMetrics(new HashMap<>(), new HashMap<>(), new HashSet<>());
        types.forEach((name, type) -> renamed.types.put(rename.apply(name), type));
        help.forEach((name, text) -> renamed.help.put(rename.apply(name), text));
        series.forEach(one -> renamed.series.add(new Series(rename.apply(one.name), one.labels, one.value)));
        return renamed;
    }

    /** The same without some series. */
    ParsedMetrics without(Predicate<Series> which) {
        return new ParsedMetrics(
                types, help, series.stream().filter(which.negate()).collect(Collectors.toSet()));
    }
}
