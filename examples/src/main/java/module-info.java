/** How to embed the library. */
module io.nodetelemetry.examples {
    requires io.nodetelemetry;
    requires io.opentelemetry.exporter.logging;
    requires io.opentelemetry.sdk;
}
