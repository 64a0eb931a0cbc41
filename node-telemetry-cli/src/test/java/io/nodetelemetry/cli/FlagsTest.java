package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.NodeTelemetryConfig;
import io.nodetelemetry.NodeTelemetryConfig.Otlp;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static final String EXPERT = "for embedders; the default fits a node";

    /** Every setting of the library with its flag, or the reason why it has none. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("roots.proc", "--proc-root"),
            Map.entry("roots.sys", "--sys-root"),
            Map.entry("roots.cgroup", "--cgroupfs-root"),
            Map.entry("tcp.trackPublicNetworks", "--track-public-network"),
            Map.entry("tcp.ephemeralPorts", "--ephemeral-port-range"),
            Map.entry("tcp.maxDestinationsPerContainer", "--max-destinations-per-container"),
            Map.entry("tcp.maxDestinations", EXPERT),
            Map.entry("tcp.maxListeners", EXPERT),
            Map.entry("tcp.maxContainers", EXPERT),
            Map.entry("tcp.idleRetention", EXPERT),
            Map.entry("containers.sockets.docker", "--docker-socket"),
            Map.entry("containers.sockets.cri", "--cri-socket"),
            Map.entry("containers.sockets.podman", "--podman-socket"),
            Map.entry("containers.sockets.systemd", "--systemd-socket"),
            Map.entry("containers.filter.deny", "--container-denylist"),
            Map.entry("containers.filter.allow", "--container-allowlist"),
            Map.entry("containers.filter.minAge", "--min-container-age"),
            Map.entry("containers.filter.skipSystemServices", "--skip-systemd-system-services"),
            Map.entry("resources.interval", EXPERT),
            Map.entry("resources.enableDelayAccounting", "--enable-delay-accounting"),
            Map.entry("containers.nameWait", EXPERT),
            Map.entry("containers.retention", EXPERT),
            Map.entry("containers.maxContainers", EXPERT),
            Map.entry("logs.enabled", "--no-parse-logs"),
            Map.entry("logs.fromBeginning", "--logs-from-beginning"),
            Map.entry("logs.structured", "--disable-json-log-parsing"),
            Map.entry("logs.maskSecrets", "--no-mask-log-secrets"),
            Map.entry("logs.lowestPatternLevel", "--log-pattern-level"),
            Map.entry("logs.maxPatternsPerContainer", "--log-patterns-per-container"),
            Map.entry("logs.maxPatterns", EXPERT),
            Map.entry("logs.maxSampleLength", "--max-log-sample-length"),
            Map.entry("logs.maxLinesPerSecond", "--max-log-lines-per-second"),
            Map.entry("ping.enabled", "--no-ping-upstreams"),
            Map.entry("ping.interval", EXPERT),
            Map.entry("ping.timeout", EXPERT),
            Map.entry("ping.maxTargetsPerContainer", EXPERT),
            Map.entry("ping.maxPerSecond", EXPERT),
            Map.entry("cloud.provider", "--provider"),
            Map.entry("cloud.region", "--region"),
            Map.entry("cloud.availabilityZone", "--availability-zone"),
            Map.entry("cloud.instanceType", "--instance-type"),
            Map.entry("cloud.instanceLifeCycle", "--instance-life-cycle"),
            Map.entry("cloud.metadata.enabled", "none for --cloud-metadata-endpoint"),
            Map.entry("cloud.metadata.endpoint", "--cloud-metadata-endpoint"),
            Map.entry("cloud.metadata.allowImdsV1", "--allow-imds-v1"),
            Map.entry("prometheus", "--listen"),
            Map.entry("otlp.endpoint", "--otlp-endpoint"),
            Map.entry("otlp.protocol", "--otlp-protocol"),
            Map.entry("otlp.interval", "--otlp-interval"),
            Map.entry("otlp.headers", "OTEL_EXPORTER_OTLP_HEADERS: they hold secrets, and a command line is public"),
            Map.entry("otlp.timeout", "OTEL_EXPORTER_OTLP_TIMEOUT"),
            Map.entry("otlp.resource", "OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME"),
            Map.entry("collectInterval", EXPERT));

    /** Each flag with a value that is not its default, and the setting that must then be different. */
    private static final Map<String, List<String>> SAMPLES = Map.ofEntries(
            Map.entry("--listen", List.of("127.0.0.1:9400", "prometheus")),
            Map.entry("--otlp-endpoint", List.of("http://collector:4318", "otlp")),
            Map.entry("--otlp-protocol", List.of("grpc", "otlp")),
            Map.entry("--otlp-interval", List.of("5s", "otlp")),
            Map.entry("--track-public-network", List.of("8.8.8.0/24", "tcp.trackPublicNetworks")),
            Map.entry("--ephemeral-port-range", List.of("32768-60999", "tcp.ephemeralPorts")),
            Map.entry("--max-destinations-per-container", List.of("50", "tcp.maxDestinationsPerContainer")),
            Map.entry("--no-parse-logs", List.of("true", "logs.enabled")),
            Map.entry("--logs-from-beginning", List.of("true", "logs.fromBeginning")),
            Map.entry("--disable-json-log-parsing", List.of("true", "logs.structured")),
            Map.entry("--log-pattern-level", List.of("info", "logs.lowestPatternLevel")),
            Map.entry("--log-patterns-per-container", List.of("10", "logs.maxPatternsPerContainer")),
            Map.entry("--no-mask-log-secrets", List.of("true", "logs.maskSecrets")),
            Map.entry("--max-log-sample-length", List.of("80", "logs.maxSampleLength")),
            Map.entry("--max-log-lines-per-second", List.of("1000", "logs.maxLinesPerSecond")),
            Map.entry("--no-ping-upstreams", List.of("true", "ping.enabled")),
            Map.entry("--provider", List.of("AWS", "cloud.provider")),
            Map.entry("--region", List.of("eu-central-1", "cloud.region")),
            Map.entry("--availability-zone", List.of("eu-central-1a", "cloud.availabilityZone")),
            Map.entry("--cgroupfs-root", List.of("/host/cgroup", "roots.cgroup")),
            Map.entry("--proc-root", List.of("/host/proc", "roots.proc")),
            Map.entry("--sys-root", List.of("/host/sys", "roots.sys")),
            Map.entry("--docker-socket", List.of("/run/other.sock", "containers.sockets.docker")),
            Map.entry("--cri-socket", List.of("/run/other.sock", "containers.sockets.cri")),
            Map.entry("--podman-socket", List.of("/run/other.sock", "containers.sockets.podman")),
            Map.entry("--systemd-socket", List.of("/run/other.sock", "containers.sockets.systemd")),
            Map.entry("--container-allowlist", List.of("^/docker/w{1,2}", "containers.filter.allow")),
            Map.entry("--container-denylist", List.of("^/docker/w{1,2}", "containers.filter.deny")),
            Map.entry("--min-container-age", List.of("30s", "containers.filter.minAge")),
            Map.entry("--skip-systemd-system-services", List.of("true", "containers.filter.skipSystemServices")),
            Map.entry("--enable-delay-accounting", List.of("true", "resources.enableDelayAccounting")),
            Map.entry("--instance-type", List.of("m5.large", "cloud.instanceType")),
            Map.entry("--instance-life-cycle", List.of("spot", "cloud.instanceLifeCycle")),
            Map.entry("--cloud-metadata-endpoint", List.of("http://127.0.0.1:8080", "cloud.metadata.endpoint")),
            Map.entry("--allow-imds-v1", List.of("true", "cloud.metadata.allowImdsV1")),
            Map.entry("--log-level", List.of("debug", "")));

    @Test
    void everySettingHasAFlagOrAReason() {
        assertThat(SETTINGS.keySet()).containsExactlyInAnyOrderElementsOf(settings("", NodeTelemetryConfig.class));
        List<String> named =
                SETTINGS.values().stream().filter(text -> text.startsWith("--")).toList();
        assertThat(Flags.ALL)
                .extracting(Flag::name)
                .containsAll(named)
                .hasSize(named.size() + 1)
                .contains("--log-level");
    }

    @Test
    void everyFlagChangesItsSettingAndNoOther() throws UsageException {
        assertThat(SAMPLES.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Flags.ALL.stream().map(Flag::name).toList());
        for (Flag flag : Flags.ALL) {
            List<String> sample = SAMPLES.getOrDefault(flag.name(), List.of());
            // Two of them say how to push, which shows only where something is pushed.
            Map<String, String> environment =
                    flag.name().startsWith("--otlp-") ? Map.of("OTEL_METRICS_EXPORTER", "otlp") : Map.of();

            assertThat(changes(environment, Map.of(flag, List.of(sample.getFirst()))))
                    .as(flag.name())
                    .isEqualTo(sample.get(1).isEmpty() ? List.of() : List.of(sample.get(1)));
        }
    }

    @Test
    void everyFlagHasItsVariables() throws UsageException {
        for (Flag flag : Flags.ALL) {
            String value = SAMPLES.getOrDefault(flag.name(), List.of()).getFirst();
            for (String variable : flag.variables()) {
                assertThat(config(Map.of(variable, value, "OTEL_METRICS_EXPORTER", "otlp"), Map.of()))
                        .as(variable)
                        .isEqualTo(config(Map.of("OTEL_METRICS_EXPORTER", "otlp"), Map.of(flag, List.of(value))));
            }
        }
    }

    @Test
    void theNamesOfTheReferenceAreThese() {
        assertThat(Flags.ALL)
                .flatExtracting(Flag::names)
                .contains(
                        "--listen",
                        "--cgroupfs-root",
                        "--no-parse-logs",
                        "--no-ping-upstreams",
                        "--track-public-network",
                        "--provider",
                        "--region",
                        "--availability-zone",
                        "--disable-log-parsing",
                        "--disable-pinger",
                        "--container-allowlist",
                        "--container-denylist",
                        "--min-container-age",
                        "--skip-systemd-system-services",
                        "--instance-type",
                        "--instance-life-cycle",
                        "--disable-json-log-parsing",
                        "--log-patterns-per-container",
                        "--max-label-length");
        assertThat(Flags.ALL)
                .flatExtracting(Flag::variables)
                .contains("LISTEN", "CGROUPFS_ROOT", "DISABLE_LOG_PARSING", "TRACK_PUBLIC_NETWORK")
                .doesNotHaveDuplicates();
    }

    @Test
    void defaultsInTheHelpAreThoseThatHold() throws UsageException {
        NodeTelemetryConfig config = config(Map.of(), Map.of());

        assertThat(defaultText("--listen")).isEqualTo("0.0.0.0:80");
        assertThat(config.prometheus()).contains(new NodeTelemetryConfig.Prometheus("0.0.0.0", 80));
        assertThat(config.otlp()).isEmpty();
        assertThat(defaultText("--cgroupfs-root"))
                .isEqualTo(config.roots().cgroup().toString());
        assertThat(defaultText("--proc-root")).isEqualTo(config.roots().proc().toString());
        assertThat(defaultText("--sys-root")).isEqualTo(config.roots().sys().toString());
        assertThat(new Settings().logLevel().name()).isEqualToIgnoringCase(defaultText("--log-level"));
        NodeTelemetryConfig.Logs logs = config.logs();
        assertThat(defaultText("--log-pattern-level"))
                .isEqualTo(logs.lowestPatternLevel().label());
        assertThat(defaultText("--log-patterns-per-container"))
                .isEqualTo(Integer.toString(logs.maxPatternsPerContainer()));
        assertThat(defaultText("--max-log-sample-length")).isEqualTo(Integer.toString(logs.maxSampleLength()));
        assertThat(defaultText("--max-log-lines-per-second")).isEqualTo(Integer.toString(logs.maxLinesPerSecond()));
        Otlp push = config(Map.of("OTLP_ENDPOINT", "http://collector:4318"), Map.of())
                .otlp()
                .orElseThrow();
        assertThat(push.interval().toSeconds() + "s").isEqualTo(defaultText("--otlp-interval"));
        assertThat(push.protocol()).isEqualTo(Settings.protocol(defaultText("--otlp-protocol")));
    }

    @Test
    void theReadmeListsEveryFlag() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));

        for (Flag flag : Flags.ALL) {
            assertThat(readme).contains(ReadmeRow.of(flag));
        }
        OpenTelemetryVariables.DOCUMENTED
                .keySet()
                .forEach(variable -> assertThat(readme).contains("`" + variable + "`"));
    }

    private static String defaultText(String name) {
        return Flags.ALL.stream()
                .filter(flag -> flag.name().equals(name))
                .findFirst()
                .orElseThrow()
                .defaultText();
    }

    private static NodeTelemetryConfig config(Map<String, String> environment, Map<Flag, List<String>> given)
            throws UsageException {
        return new SettingsReader(environment)
                .read(given).toBuilder(new OpenTelemetryVariables(environment)).config();
    }

    private static List<String> changes(Map<String, String> environment, Map<Flag, List<String>> given)
            throws UsageException {
        Map<String, String> before = values("", config(environment, Map.of()));
        Map<String, String> after = values("", config(environment, given));
        return after.keySet().stream()
                .filter(name -> !Objects.equals(after.get(name), before.get(name)))
                .toList();
    }

    private static Map<String, String> values(String prefix, Record settings) {
        Map<String, String> values = new TreeMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(settings);
                if (value instanceof Record nested) {
                    values.putAll(values(prefix + component.getName() + ".", nested));
                } else {
                    values.put(prefix + component.getName(), value.toString());
                }
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }
        return values;
    }

    /** The paths of all settings, those of the push included, which is absent by default. */
    private static List<String> settings(String prefix, Class<?> type) {
        List<String> paths = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + component.getName();
            Type generic = component.getGenericType();
            if (component.getType().isRecord()) {
                paths.addAll(settings(path + ".", component.getType()));
            } else if (generic.getTypeName().contains(Otlp.class.getName())) {
                paths.addAll(settings(path + ".", Otlp.class));
            } else {
                paths.add(path);
            }
        }
        return paths;
    }
}
