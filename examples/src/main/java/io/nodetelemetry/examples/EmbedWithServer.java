package io.nodetelemetry.examples;

import io.nodetelemetry.NodeTelemetry;
import java.net.URI;

/**
 * The agent with outlets of its own: a page for Prometheus on a port, and a push to an OTLP receiver. Run as root with
 * {@code --enable-native-access=io.nodetelemetry}, then {@code curl localhost:9400/metrics}.
 */
final class EmbedWithServer {
    private EmbedWithServer() {}

    public static void main(String[] args) throws InterruptedException {
        try (NodeTelemetry _ = NodeTelemetry.builder()
                .prometheus("127.0.0.1", 9400)
                .otlp(URI.create("http://localhost:4318"))
                .trackPublicNetwork("8.8.8.0/24")
                .start()) {
            Thread.sleep(60_000);
        }
    }
}
