package io.nodetelemetry;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.internal.export.InstrumentOutlet;
import io.nodetelemetry.internal.export.OtlpOutlet;
import io.nodetelemetry.internal.export.OtlpSettings;
import io.nodetelemetry.internal.export.PrometheusServer;
import io.nodetelemetry.internal.export.ReaderOutlet;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs between start and close: the loop that collects, and the outlets that read its snapshots. */
final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private final BuiltInCollectors collectors;
    private final AgentLoop loop;
    /** In the order of their start. */
    private final List<AutoCloseable> outlets = new ArrayList<>();
    /** Where metrics can be had, in words. */
    private final List<String> places = new ArrayList<>();

    private Agent(NodeTelemetryConfig config, Attachments attachments) {
        NodeIdentity identity = NodeIdentity.read(config.roots());
        collectors = new BuiltInCollectors(config, identity);
        List<Collector> all = new ArrayList<>(collectors.all());
        all.addAll(attachments.collectors());
        loop = collectors.loop(
                all,
                new CollectorContext(
                        InstantSource.system(),
                        config.roots().proc(),
                        config.roots().sys(),
                        config.roots().cgroup()),
                identity.constantLabels(),
                config.collectInterval());
        openOutlets(config, attachments, identity);
    }

    /**
     * Starts everything.
     *
     * @throws NodeTelemetryException if an outlet cannot be opened or collectors contradict each other; nothing is left
     *     open then
     */
    static Agent start(NodeTelemetryConfig config, Attachments attachments) throws NodeTelemetryException {
        Agent agent;
        try {
            agent = new Agent(config, attachments);
        } catch (IllegalArgumentException e) {
            throw new NodeTelemetryException(String.valueOf(e.getMessage()), e);
        }
        agent.loop.start(agent::logCollectors, LONGEST_START);
        return agent;
    }

    private void openOutlets(NodeTelemetryConfig config, Attachments attachments, NodeIdentity identity) {
        Supplier<@Nullable Snapshot> snapshots = loop::snapshot;
        try {
            // The port first: if it is taken nothing else is begun.
            Optional<NodeTelemetryConfig.Prometheus> scraped = config.prometheus();
            if (scraped.isPresent()) {
                PrometheusServer server = PrometheusServer.start(
                        scraped.get().host(), scraped.get().port(), snapshots);
                outlets.add(server);
                places.add("scrape http://" + scraped.get().host() + ":"
                        + server.address().getPort() + "/metrics");
                collectors.observe(server);
            }
            Supplier<Map<String, String>> resource = () -> resource(config, identity);
            config.otlp().ifPresent(otlp -> {
                OtlpOutlet outlet = OtlpOutlet.start(settings(otlp), resource, snapshots);
                outlets.add(outlet);
                places.add("push to " + otlp.endpoint() + " every "
                        + otlp.interval().toSeconds() + " s");
                collectors.observe(outlet);
            });
            for (MetricReader reader : attachments.readers()) {
                outlets.add(new ReaderOutlet(reader, resource, snapshots));
                places.add("read by " + reader.getClass().getSimpleName());
            }
            for (OpenTelemetry openTelemetry : attachments.openTelemetries()) {
                places.add("instruments of the host's OpenTelemetry");
                outlets.add(
                        new InstrumentOutlet(openTelemetry, collectors.families(attachments.collectors()), snapshots));
            }
            if (places.isEmpty()) {
                places.add("nobody reads the metrics: no outlet is configured");
            }
        } catch (IOException e) {
            closeOutlets();
            throw new NodeTelemetryException(String.valueOf(e.getMessage()), e);
        } catch (LinkageError e) {
            closeOutlets();
            throw new NodeTelemetryException(
                    "a library that an outlet needs is missing or of another version (" + e.getMessage()
                            + "); put all dependencies of node-telemetry-core on the module path or class path",
                    e);
        } catch (RuntimeException e) {
            closeOutlets();
            throw e;
        }
    }

    /** What the operator says goes before what was found out. */
    private Map<String, String> resource(NodeTelemetryConfig config, NodeIdentity identity) {
        Map<String, String> attributes = new TreeMap<>(identity.resource());
        attributes.putAll(collectors.cloudAttributes());
        config.otlp().ifPresent(otlp -> attributes.putAll(otlp.resource()));
        return attributes;
    }

    private static OtlpSettings settings(NodeTelemetryConfig.Otlp otlp) {
        OtlpSettings.Protocol protocol = switch (otlp.protocol()) {
            case GRPC -> OtlpSettings.Protocol.GRPC;
            case HTTP_PROTOBUF -> OtlpSettings.Protocol.HTTP_PROTOBUF;
        };
        return new OtlpSettings(protocol, otlp.endpoint(), otlp.headers(), otlp.timeout(), otlp.interval(), true);
    }

    private void logCollectors() {
        LOG.info("NodeTelemetry {}; {}; {}", NodeTelemetry.version(), collectors.summary(), String.join("; ", places));
    }

    /** Ends the loop with a last turn, then the outlets, each with its last push. At most 2 s; idempotent. */
    @Override
    public void close() {
        loop.close();
        closeOutlets();
    }

    private void closeOutlets() {
        for (AutoCloseable outlet : outlets.reversed()) {
            try {
                outlet.close();
            } catch (Exception e) {
                LOG.warn("An outlet did not close cleanly", e);
            }
        }
        outlets.clear();
    }
}
