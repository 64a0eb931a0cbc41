package io.nodetelemetry.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the OTLP receiver of {@code scripts/test/otlp-receiver.sh} wrote about number points, as series with Prometheus
 * names, so that they compare with a scrape. Of a series that came several times the last value counts.
 *
 * <p>Names are translated as the OpenTelemetry specification "Prometheus and OpenMetrics Compatibility" has it: the
 * unit's word is appended, and {@code _total} to a monotonic sum.
 */
public final class ReceivedMetrics {
    private static final Map<String, String> UNIT_WORDS =
            Map.of("s", "seconds", "By", "bytes", "Cel", "celsius", "W", "watts", "%", "percent");
    private static final String ENTRY = "     -> ";

    private enum Section {
        RESOURCE,
        DESCRIPTOR,
        POINT,
        OTHER
    }

    private final Map<Scrape.Series, Double> samples = new LinkedHashMap<>();
    private final Map<String, String> resource = new TreeMap<>();
    private final Map<String, String> descriptor = new TreeMap<>();
    private final Map<String, String> attributes = new TreeMap<>();
    private Section section = Section.OTHER;

    private ReceivedMetrics() {}

    /** Reads the receiver's log; lines of other kinds are passed over. */
    public static ReceivedMetrics parse(String log) {
        ReceivedMetrics received = new ReceivedMetrics();
        log.lines().forEach(received::line);
        return received;
    }

    /** The last value of each series. */
    public Map<Scrape.Series, Double> samples() {
        return samples;
    }

    /** Attributes of the resource that sent last, as text. */
    public Map<String, String> resource() {
        return resource;
    }

    private void line(String line) {
        if (line.startsWith(ENTRY)) {
            entry(line.substring(ENTRY.length()));
        } else if (line.startsWith("Value: ") && section == Section.POINT) {
            samples.put(
                    new Scrape.Series(prometheusName(), attributes),
                    Double.parseDouble(line.substring("Value: ".length())));
        } else if (line.startsWith("Resource attributes:")) {
            enter(Section.RESOURCE, resource);
        } else if (line.startsWith("Descriptor:")) {
            enter(Section.DESCRIPTOR, descriptor);
        } else if (line.startsWith("NumberDataPoints #")) {
            enter(Section.POINT, attributes);
        } else if (line.startsWith("HistogramDataPoints #") || line.startsWith("ScopeMetrics #")) {
            section = Section.OTHER;
        }
    }

    private void enter(Section next, Map<String, String> fresh) {
        section = next;
        fresh.clear();
    }

    private void entry(String entry) {
        int colon = entry.indexOf(": ");
        String key = colon < 0 ? entry : entry.substring(0, colon);
        String value = colon < 0 ? "" : entry.substring(colon + 2);
        switch (section) {
            case RESOURCE -> resource.put(key, withoutType(value));
            case DESCRIPTOR -> descriptor.put(key, value);
            case POINT -> attributes.put(key, withoutType(value));
            case OTHER -> {}
        }
    }

    /** {@code Str(x)} is x. */
    private static String withoutType(String value) {
        int open = value.indexOf('(');
        return open < 0 || !value.endsWith(")") ? value : value.substring(open + 1, value.length() - 1);
    }

    private String prometheusName() {
        String name = descriptor.getOrDefault("Name", "").replace('.', '_');
        String word = UNIT_WORDS.get(descriptor.getOrDefault("Unit", ""));
        boolean counter = "true".equals(descriptor.get("IsMonotonic"));
        return name
                + (word == null || List.of(name.split("_", -1)).contains(word) ? "" : "_" + word)
                + (counter ? "_total" : "");
    }
}
