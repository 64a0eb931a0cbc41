package io.nodetelemetry.testing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The samples of one scrape in the Prometheus text format, version 0.0.4.
 *
 * <p>Strict: a malformed line, a sample without a TYPE before it or a series that comes twice fails the parse, as it
 * would fail a scrape. Immutable.
 */
public final class Scrape {
    /**
     * One time series.
     *
     * @param name its metric's name
     * @param labels label values by name
     */
    public record Series(String name, Map<String, String> labels) {
        public Series {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }

    private final String text;
    private final Map<Series, Double> samples;
    private final Map<String, String> types;

    private Scrape(String text, Map<Series, Double> samples, Map<String, String> types) {
        this.text = text;
        this.samples = Collections.unmodifiableMap(samples);
        this.types = Collections.unmodifiableMap(types);
    }

    /**
     * Parses the answer to a scrape.
     *
     * @throws IllegalArgumentException naming the line that is not of the format
     */
    public static Scrape parse(String text) {
        Map<Series, Double> samples = new LinkedHashMap<>();
        Map<String, String> types = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                check(words.length == 4, line, "TYPE needs a name and a type");
                check(types.put(words[2], words[3]) == null, line, "second TYPE of the metric");
            } else if (!line.startsWith("#")) {
                SampleLine sample = SampleLine.parse(line);
                check(types.containsKey(sample.series().name()), line, "no TYPE before the sample");
                check(samples.put(sample.series(), sample.value()) == null, line, "series comes twice");
            }
        });
        return new Scrape(text, samples, types);
    }

    /** All samples, in the order of the text. */
    public Map<Series, Double> samples() {
        return samples;
    }

    /** The TYPE lines: type by metric name. */
    public Map<String, String> types() {
        return types;
    }

    /** As it came. */
    public String text() {
        return text;
    }

    /** The series of a metric whose labels include these; in the order of the text. */
    public List<Series> series(String name, String... labels) {
        Map<String, String> wanted = labels(labels);
        return samples.keySet().stream()
                .filter(series -> series.name().equals(name))
                .filter(series -> series.labels().entrySet().containsAll(wanted.entrySet()))
                .toList();
    }

    /**
     * The value of the one series of a metric whose labels include these; empty if there is none.
     *
     * @param labels names and values in turn
     * @throws AssertionError if there are several
     */
    public OptionalDouble value(String name, String... labels) {
        List<Series> found = series(name, labels);
        if (found.size() > 1) {
            throw new AssertionError("several series of " + name + " match: " + found);
        }
        return found.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(valueOf(found.getFirst()));
    }

    /** The sum over the series of a metric whose labels include these; 0 if there is none. */
    public double sum(String name, String... labels) {
        return series(name, labels).stream().mapToDouble(this::valueOf).sum();
    }

    private double valueOf(Series series) {
        return Objects.requireNonNull(samples.get(series));
    }

    static void check(boolean holds, String line, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise + ": " + line);
        }
    }

    private static Map<String, String> labels(String... pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("label names and values in turn, not " + List.of(pairs));
        }
        Map<String, String> labels = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            labels.put(pairs[i], pairs[i + 1]);
        }
        return labels;
    }
}
