package io.nodetelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.NodeTelemetryConfig.Cloud;
import io.nodetelemetry.NodeTelemetryConfig.ContainerFilter;
import io.nodetelemetry.NodeTelemetryConfig.Containers;
import io.nodetelemetry.NodeTelemetryConfig.Otlp;
import io.nodetelemetry.NodeTelemetryConfig.Prometheus;
import io.nodetelemetry.NodeTelemetryConfig.Protocol;
import io.nodetelemetry.NodeTelemetryConfig.Resources;
import io.nodetelemetry.NodeTelemetryConfig.Roots;
import io.nodetelemetry.NodeTelemetryConfig.RuntimeSockets;
import io.nodetelemetry.NodeTelemetryConfig.Tcp;
import io.nodetelemetry.model.Cidr;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTelemetryConfigTest {
    /** Every default, in full: a new setting fails here until it is added. */
    @Test
    void defaultsAreThese() {
        assertThat(values("", NodeTelemetryConfig.DEFAULTS))
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("roots.proc", "/proc"),
                        Map.entry("roots.sys", "/sys"),
                        Map.entry("roots.cgroup", "/sys/fs/cgroup"),
                        Map.entry("tcp.trackPublicNetworks", "[]"),
                        Map.entry("tcp.ephemeralPorts", "[]"),
                        Map.entry("tcp.maxDestinationsPerContainer", "1000"),
                        Map.entry("tcp.maxDestinations", "65536"),
                        Map.entry("tcp.maxListeners", "8192"),
                        Map.entry("tcp.maxContainers", "4096"),
                        Map.entry("tcp.idleRetention", "PT10M"),
                        Map.entry("containers.sockets.docker", "Optional.empty"),
                        Map.entry("containers.sockets.cri", "[]"),
                        Map.entry("containers.sockets.podman", "Optional.empty"),
                        Map.entry("containers.sockets.systemd", "Optional.empty"),
                        Map.entry("containers.filter.deny", "[]"),
                        Map.entry("containers.filter.allow", "[]"),
                        Map.entry("containers.filter.minAge", "PT0S"),
                        Map.entry("containers.filter.skipSystemServices", "false"),
                        Map.entry("containers.nameWait", "PT3S"),
                        Map.entry("containers.retention", "PT10M"),
                        Map.entry("containers.maxContainers", "4096"),
                        Map.entry("logs.enabled", "true"),
                        Map.entry("logs.fromBeginning", "false"),
                        Map.entry("logs.structured", "true"),
                        Map.entry("logs.maskSecrets", "true"),
                        Map.entry("logs.lowestPatternLevel", "WARNING"),
                        Map.entry("logs.maxPatternsPerContainer", "256"),
                        Map.entry("logs.maxPatterns", "20000"),
                        Map.entry("logs.maxSampleLength", "1024"),
                        Map.entry("logs.maxLinesPerSecond", "100000"),
                        Map.entry("ping.enabled", "true"),
                        Map.entry("ping.interval", "PT10S"),
                        Map.entry("ping.timeout", "PT1S"),
                        Map.entry("ping.maxTargetsPerContainer", "100"),
                        Map.entry("ping.maxPerSecond", "500"),
                        Map.entry("cloud.provider", "Optional.empty"),
                        Map.entry("cloud.region", "Optional.empty"),
                        Map.entry("cloud.availabilityZone", "Optional.empty"),
                        Map.entry("cloud.instanceType", "Optional.empty"),
                        Map.entry("cloud.instanceLifeCycle", "Optional.empty"),
                        Map.entry("cloud.metadata.enabled", "true"),
                        Map.entry("cloud.metadata.endpoint", "Optional.empty"),
                        Map.entry("cloud.metadata.allowImdsV1", "false"),
                        Map.entry("resources.interval", "PT5S"),
                        Map.entry("resources.enableDelayAccounting", "false"),
                        Map.entry("prometheus", "Optional.empty"),
                        Map.entry("otlp", "Optional.empty"),
                        Map.entry("collectInterval", "PT1S"))));
    }

    @Test
    void aPushHasTheDefaultsOfTheSpecification() {
        assertThat(values("", Otlp.to(URI.create("http://localhost:4318"), Protocol.HTTP_PROTOBUF)))
                .isEqualTo(new TreeMap<>(Map.of(
                        "endpoint", "http://localhost:4318/v1/metrics",
                        "protocol", "HTTP_PROTOBUF",
                        "interval", "PT1M",
                        "headers", "{}",
                        "timeout", "PT10S",
                        "resource", "{service.name=node-telemetry}")));
        assertThat(Otlp.to(URI.create("https://example.com/otlp/"), Protocol.HTTP_PROTOBUF)
                        .endpoint())
                .hasToString("https://example.com/otlp/v1/metrics");
        assertThat(Otlp.to(URI.create("http://localhost:4317"), Protocol.GRPC).endpoint())
                .hasToString("http://localhost:4317");
    }

    @Test
    void everySettingIsDocumented() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/nodetelemetry/NodeTelemetryConfig.java"));
        List<Class<?>> records = new ArrayList<>(List.of(NodeTelemetryConfig.class.getDeclaredClasses()));
        records.add(NodeTelemetryConfig.class);
        for (Class<?> type : records) {
            if (type.isRecord()) {
                String javadoc = javadoc(source, type.getSimpleName());
                for (RecordComponent component : type.getRecordComponents()) {
                    assertThat(javadoc).as(type.getSimpleName()).contains("@param " + component.getName() + " ");
                }
            }
        }
    }

    private static String javadoc(String source, String record) {
        int declaration = source.indexOf("public record " + record + "(");
        assertThat(declaration).as(record).isPositive();
        return source.substring(source.lastIndexOf("/**", declaration), declaration);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_048_577})
    void capacitiesAreBounded(int wrong) {
        assertThatThrownBy(() -> new Tcp(List.of(), List.of(), 1, wrong, 1, 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tcp.maxDestinations must be 1 to 1048576, not " + wrong);
        assertThatThrownBy(() -> new Tcp(List.of(), List.of(), 1, 1, wrong, 1, Duration.ofSeconds(1)))
                .hasMessage("tcp.maxListeners must be 1 to 1048576, not " + wrong);
        assertThatThrownBy(() -> new Tcp(List.of(), List.of(), 1, 1, 1, wrong, Duration.ofSeconds(1)))
                .hasMessage("tcp.maxContainers must be 1 to 65536, not " + wrong);
        assertThatThrownBy(() -> containers(Duration.ZERO, Duration.ZERO, wrong))
                .hasMessage("containers.maxContainers must be 1 to 65536, not " + wrong);
    }

    private static Containers containers(Duration nameWait, Duration retention, int maxContainers) {
        return new Containers(RuntimeSockets.DEFAULTS, ContainerFilter.DEFAULTS, nameWait, retention, maxContainers);
    }

    @Test
    void messagesNameFieldValueAndRange() {
        assertThatThrownBy(() -> new Tcp(List.of(), List.of(), 1, 1, 1, 1, Duration.ofMillis(999)))
                .hasMessage("tcp.idleRetention must be 1 s to 24 h, not 999 ms");
        assertThatThrownBy(() -> containers(Duration.ofSeconds(61), Duration.ZERO, 1))
                .hasMessage("containers.nameWait must be 0 s to 1 min, not 61 s");
        assertThatThrownBy(() -> containers(Duration.ZERO, Duration.ofHours(25), 1))
                .hasMessage("containers.retention must be 0 s to 24 h, not 25 h");
        assertThatThrownBy(() -> RuntimeSockets.DEFAULTS.withDocker(Path.of("docker.sock")))
                .hasMessage("containers.sockets.docker must be an absolute path, not 'docker.sock'");
        assertThatThrownBy(() -> new Roots(Path.of("proc"), Path.of("/sys"), Path.of("/cgroup")))
                .hasMessage("roots.proc must be an absolute path, not 'proc'");
        assertThatThrownBy(() -> new Prometheus("localhost", 65_536))
                .hasMessage("prometheus.port must be 0 to 65535, not 65536");
        assertThatThrownBy(() -> new Prometheus(" ", 80))
                .hasMessage("prometheus.host must be an address or a host name, not empty");
        assertThatThrownBy(() -> Cloud.DEFAULTS.withProvider("a\nb"))
                .hasMessage("cloud.provider must be at most 256 characters without control characters");
        assertThatThrownBy(() -> Cloud.DEFAULTS.withInstanceType("x".repeat(257)))
                .hasMessage("cloud.instanceType must be at most 256 characters without control characters");
        assertThatThrownBy(() -> NodeTelemetry.builder().denyContainers("/docker/(web"))
                .hasMessage("containers.filter.deny must be a regular expression, not '/docker/(web': Unclosed group");
        assertThatThrownBy(() -> NodeTelemetry.builder().minContainerAge(Duration.ofHours(2)))
                .hasMessage("containers.filter.minAge must be 0 s to 1 h, not 2 h");
        assertThatThrownBy(() -> new Resources(Duration.ofMillis(99), false))
                .hasMessage("resources.interval must be 100 ms to 1 h, not 99 ms");
        assertThatThrownBy(() -> NodeTelemetry.builder().collectInterval(Duration.ofMillis(99)))
                .hasMessage("collectInterval must be 100 ms to 1 h, not 99 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4318", "ftp://localhost", "/v1/metrics", "http:///v1/metrics", "http:x"})
    void refusesAnEndpointThatIsNoHttpUrl(String endpoint) {
        assertThatThrownBy(() -> Otlp.to(URI.create(endpoint), Protocol.GRPC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("otlp.endpoint must be a URL such as http://localhost:4318 (http or https, a host, and a"
                        + " port), not '" + endpoint + "'");
    }

    @Test
    void headersAreNotPrinted() {
        Otlp otlp = Otlp.to(URI.create("http://localhost"), Protocol.GRPC)
                .withHeaders(Map.of("authorization", "Bearer secret"));

        assertThat(NodeTelemetry.builder().otlp(otlp).config().toString())
                .contains("headers=[authorization]")
                .doesNotContain("secret");
    }

    @Test
    void laterChangesOfAListDoNotReachTheConfiguration() {
        List<Cidr> networks = new ArrayList<>();
        Tcp tcp = new Tcp(networks, List.of(), 1, 1, 1, 1, Duration.ofSeconds(1));
        networks.add(Cidr.parse("8.8.8.0/24"));

        assertThat(tcp.trackPublicNetworks()).isEmpty();
    }

    private static Map<String, String> values(String prefix, Record settings) {
        Map<String, String> values = new TreeMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = value(settings, component);
            if (value instanceof Record nested) {
                values.putAll(values(prefix + component.getName() + ".", nested));
            } else {
                values.put(prefix + component.getName(), value.toString());
            }
        }
        return values;
    }

    private static Object value(Record settings, RecordComponent component) {
        try {
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
