import org.jspecify.annotations.NullMarked;

/** Node telemetry for Linux: who talks to whom, what runs where, what it costs; as OpenTelemetry metrics. */
@NullMarked
module io.nodetelemetry {
    requires com.fasterxml.jackson.core;
    requires io.nodetelemetry.bpf;
    requires transitive io.opentelemetry.api;
    requires io.opentelemetry.exporter.otlp;
    requires io.opentelemetry.sdk.common;
    requires transitive io.opentelemetry.sdk.metrics;
    requires jdk.httpserver;
    requires static transitive org.jspecify;
    // The OTLP exporter reaches its sender by service loading and reflection, which bring no module in.
    requires okhttp3;
    requires org.slf4j;

    exports io.nodetelemetry;
    exports io.nodetelemetry.collector;
    exports io.nodetelemetry.model;
}
