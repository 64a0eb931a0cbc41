package io.nodetelemetry.internal.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One member of a header such as {@code Accept}: a value, its parameters and its weight (RFC 9110, 12.4.2). Parsing
 * takes any text; a weight that is no number from 0 to 1 counts as 0.
 */
record WeightedValue(String value, Map<String, String> parameters, double weight) {
    /** No client of ours sends more; the rest is not looked at. */
    private static final int MOST = 64;

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    static List<WeightedValue> parse(@Nullable String header) {
        List<WeightedValue> values = new ArrayList<>();
        if (header == null) {
            return values;
        }
        for (String member : header.split(",", MOST)) {
            String[] parts = member.split(";", MOST);
            Map<String, String> parameters = new TreeMap<>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals > 0) {
                    String name = parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
                    parameters.put(name, parts[i].substring(equals + 1).strip().replace("\"", ""));
                }
            }
            values.add(new WeightedValue(parts[0].strip(), parameters, weight(parameters.get("q"))));
        }
        return values;
    }

    private static double weight(@Nullable String q) {
        if (q == null) {
            return 1;
        }
        return q.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(q) : 0;
    }
}
