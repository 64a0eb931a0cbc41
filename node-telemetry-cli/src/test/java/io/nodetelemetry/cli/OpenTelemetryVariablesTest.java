package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.NodeTelemetryConfig.Otlp;
import io.nodetelemetry.NodeTelemetryConfig.Protocol;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenTelemetryVariablesTest {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    @Test
    void nothingIsPushedUnasked() throws UsageException {
        assertThat(push(Map.of())).isEmpty();
        assertThat(push(Map.of("OTEL_METRIC_EXPORT_INTERVAL", "5000", "OTEL_SERVICE_NAME", "x", ENDPOINT, "")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://c:4318,      '',            http://c:4318/v1/metrics, HTTP_PROTOBUF",
        "http://c:4318/base, http/protobuf, http://c:4318/base/v1/metrics, HTTP_PROTOBUF",
        "http://c:4317,      grpc,          http://c:4317, GRPC",
    })
    void theGeneralEndpointIsABase(String endpoint, String protocol, String target, Protocol expected)
            throws UsageException {
        Otlp push = push(Map.of(ENDPOINT, endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL", protocol))
                .orElseThrow();

        assertThat(push.endpoint()).hasToString(target);
        assertThat(push.protocol()).isEqualTo(expected);
    }

    @Test
    void theSignalsEndpointIsUsedAsItIs() throws UsageException {
        Map<String, String> both =
                Map.of(ENDPOINT, "http://a:1", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://b:2/in");

        assertThat(push(both).orElseThrow().endpoint()).hasToString("http://b:2/in");
        assertThat(push(both).orElseThrow().protocol()).isEqualTo(Protocol.HTTP_PROTOBUF);
    }

    @Test
    void theSignalsVariableGoesBeforeTheGeneralOne() throws UsageException {
        Otlp push = push(Map.of(
                        ENDPOINT,
                        "http://c:4318",
                        "OTEL_EXPORTER_OTLP_PROTOCOL",
                        "http/protobuf",
                        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
                        "grpc",
                        "OTEL_EXPORTER_OTLP_TIMEOUT",
                        "1",
                        "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
                        "2500",
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "a=1",
                        "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
                        "b=2"))
                .orElseThrow();

        assertThat(push.protocol()).isEqualTo(Protocol.GRPC);
        assertThat(push.timeout()).isEqualTo(Duration.ofMillis(2500));
        assertThat(push.headers()).containsOnly(Map.entry("b", "2"));
    }

    @Test
    void aFlagGoesBeforeEachVariable() throws UsageException {
        Otlp push = new OpenTelemetryVariables(Map.of(
                        ENDPOINT,
                        "http://variable:4318",
                        "OTEL_EXPORTER_OTLP_PROTOCOL",
                        "http/protobuf",
                        "OTEL_METRIC_EXPORT_INTERVAL",
                        "1000",
                        "OTEL_METRICS_EXPORTER",
                        "none"))
                .push(
                        Optional.of(URI.create("http://flag:4317")),
                        Optional.of(Protocol.GRPC),
                        Optional.of(Duration.ofSeconds(7)))
                .orElseThrow();

        assertThat(push)
                .isEqualTo(
                        Otlp.to(URI.create("http://flag:4317"), Protocol.GRPC).withInterval(Duration.ofSeconds(7)));
    }

    @Test
    void intervalIsInMilliseconds() throws UsageException {
        assertThat(push(Map.of(ENDPOINT, "http://c:4318", "OTEL_METRIC_EXPORT_INTERVAL", "15000"))
                        .orElseThrow()
                        .interval())
                .isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void pairsAreSplitAndPercentDecoded() throws UsageException {
        Otlp push = push(Map.of(
                        ENDPOINT,
                        "http://c:4318",
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        " authorization = Basic%20dTpw+==, x-tenant=a%2Cb ,",
                        "OTEL_RESOURCE_ATTRIBUTES",
                        "service.name=from-attributes,deployment.environment.name=test,empty="))
                .orElseThrow();

        assertThat(push.headers())
                .containsOnly(Map.entry("authorization", "Basic dTpw+=="), Map.entry("x-tenant", "a,b"));
        assertThat(push.resource())
                .containsOnly(
                        Map.entry("service.name", "from-attributes"),
                        Map.entry("deployment.environment.name", "test"),
                        Map.entry("empty", ""));
    }

    @Test
    void serviceNameGoesBeforeTheAttribute() throws UsageException {
        Map<String, String> environment = new HashMap<>(Map.of(ENDPOINT, "http://c:4318"));
        assertThat(push(environment).orElseThrow().resource())
                .containsOnly(Map.entry("service.name", "node-telemetry"));

        environment.put("OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute");
        environment.put("OTEL_SERVICE_NAME", "variable");
        assertThat(push(environment).orElseThrow().resource()).containsOnly(Map.entry("service.name", "variable"));
    }

    @ParameterizedTest
    @CsvSource({"none", "prometheus", "'none,prometheus'"})
    void anExporterListWithoutOtlpPushesNothing(String exporters) throws UsageException {
        assertThat(push(Map.of(ENDPOINT, "http://c:4318", "OTEL_METRICS_EXPORTER", exporters)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"http/protobuf, http://localhost:4318/v1/metrics", "grpc, http://localhost:4317"})
    void otlpWithoutEndpointPushesToTheUsualPort(String protocol, String target) throws UsageException {
        assertThat(push(Map.of("OTEL_METRICS_EXPORTER", "otlp,prometheus", "OTEL_EXPORTER_OTLP_PROTOCOL", protocol))
                        .orElseThrow()
                        .endpoint())
                .hasToString(target);
    }

    @Test
    void disabledPushesNothingWhateverElseIsSet() throws UsageException {
        OpenTelemetryVariables variables =
                new OpenTelemetryVariables(Map.of("OTEL_SDK_DISABLED", "TRUE", ENDPOINT, "http://c:4318"));

        assertThat(variables.push(Optional.of(URI.create("http://flag:1")), Optional.empty(), Optional.empty()))
                .isEmpty();
        assertThat(variables.warnings())
                .containsExactly("OTEL_SDK_DISABLED is true: nothing is pushed to http://flag:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_METRIC_EXPORT_INTERVAL | 15s | OTEL_METRIC_EXPORT_INTERVAL is ignored: '15s' is not a whole number of"
                        + " milliseconds",
                "OTEL_METRIC_EXPORT_INTERVAL | 0 | OTEL_METRIC_EXPORT_INTERVAL is ignored: otlp.interval must be 100 ms to"
                        + " 24 h, not 0 s",
                "OTEL_EXPORTER_OTLP_TIMEOUT | -1 | OTEL_EXPORTER_OTLP_TIMEOUT is ignored: otlp.timeout must be 1 ms to"
                        + " 10 min, not -1 ms",
                "OTEL_EXPORTER_OTLP_PROTOCOL | http/json | OTEL_EXPORTER_OTLP_PROTOCOL is ignored: 'http/json' is not"
                        + " supported; allowed are grpc and http/protobuf",
                "OTEL_METRICS_EXPORTER | otlp,console | OTEL_METRICS_EXPORTER: 'console' is ignored; otlp, prometheus and"
                        + " none are known",
                "OTEL_SDK_DISABLED | yes | OTEL_SDK_DISABLED: 'yes' counts as false; true and false are known",
                "OTEL_EXPORTER_OTLP_HEADERS | secret | OTEL_EXPORTER_OTLP_HEADERS is ignored: it must be key=value pairs"
                        + " with commas between them",
                "OTEL_RESOURCE_ATTRIBUTES | a=%zz | OTEL_RESOURCE_ATTRIBUTES is ignored: a value has a % that is not"
                        + " followed by two hexadecimal digits",
                "OTEL_EXPORTER_OTLP_CERTIFICATE | /ca.pem | OTEL_EXPORTER_OTLP_CERTIFICATE is not supported and has no"
                        + " effect",
            })
    void whatIsNotUnderstoodIsWarnedAboutAndIgnored(String variable, String value, String warning)
            throws UsageException {
        OpenTelemetryVariables variables =
                new OpenTelemetryVariables(Map.of(ENDPOINT, "http://c:4318", variable, value));

        assertThat(variables.push(Optional.empty(), Optional.empty(), Optional.empty()))
                .contains(Otlp.to(URI.create("http://c:4318"), Protocol.HTTP_PROTOBUF));
        assertThat(variables.warnings()).isEqualTo(List.of(warning));
    }

    @Test
    void anEndpointThatIsNoUrlIsAnError() {
        assertThatThrownBy(() -> push(Map.of(ENDPOINT, "collector:4318")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("environment variable OTEL_EXPORTER_OTLP_ENDPOINT: otlp.endpoint must be a URL")
                .hasMessageEndingWith("not 'collector:4318'");
        assertThatThrownBy(() -> push(Map.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://a b")))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(
                        "environment variable OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://a b' is not");
    }

    private static Optional<Otlp> push(Map<String, String> environment) throws UsageException {
        return new OpenTelemetryVariables(environment).push(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
