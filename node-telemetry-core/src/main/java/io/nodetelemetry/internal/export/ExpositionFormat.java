package io.nodetelemetry.internal.export;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A text format that Prometheus reads. */
public enum ExpositionFormat {
    /** The format that every version reads, and the answer when nothing better is asked for. */
    TEXT_0_0_4("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics. */
    OPENMETRICS_1_0_0("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    ExpositionFormat(String contentType) {
        this.contentType = contentType;
    }

    /** The value of the {@code Content-Type} header. */
    public String contentType() {
        return contentType;
    }

    /**
     * The format that the client likes best. At equal weight the text format wins, and a client that accepts neither
     * gets it too: a scrape is better answered than refused.
     *
     * @param accept the {@code Accept} header (RFC 9110, 12.5.1), or null if there was none
     */
    public static ExpositionFormat negotiate(@Nullable String accept) {
        double text = 0;
        double openMetrics = 0;
        for (WeightedValue range : WeightedValue.parse(accept)) {
            String version = range.parameter("version");
            switch (range.value().toLowerCase(Locale.ROOT)) {
                case "application/openmetrics-text" -> {
                    if (version == null || version.equals("1.0.0")) {
                        openMetrics = Math.max(openMetrics, range.weight());
                    }
                }
                case "text/plain" -> {
                    if (version == null || version.equals("0.0.4")) {
                        text = Math.max(text, range.weight());
                    }
                }
                case "text/*", "*/*" -> text = Math.max(text, range.weight());
                default -> {}
            }
        }
        return openMetrics > text ? OPENMETRICS_1_0_0 : TEXT_0_0_4;
    }

    /** Whether the client takes gzip, by its {@code Accept-Encoding} header (RFC 9110, 12.5.3). */
    public static boolean acceptsGzip(@Nullable String acceptEncoding) {
        double any = 0;
        for (WeightedValue coding : WeightedValue.parse(acceptEncoding)) {
            switch (coding.value().toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> {
                    return coding.weight() > 0;
                }
                case "*" -> any = coding.weight();
                default -> {}
            }
        }
        return any > 0;
    }
}
