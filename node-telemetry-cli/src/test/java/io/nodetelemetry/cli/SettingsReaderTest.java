package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.NodeTelemetryConfig;
import io.nodetelemetry.NodeTelemetryConfig.Prometheus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
    @Test
    void aFlagGoesBeforeItsVariable() throws UsageException {
        assertThat(config(Map.of("LISTEN", "127.0.0.1:1"), "--listen=127.0.0.1:2")
                        .prometheus())
                .contains(new Prometheus("127.0.0.1", 2));
        assertThat(config(Map.of("LISTEN", "127.0.0.1:1")).prometheus()).contains(new Prometheus("127.0.0.1", 1));
    }

    @Test
    void aWrongVariableDoesNotMatterWhereTheFlagIsGiven() throws UsageException {
        assertThat(config(Map.of("LISTEN", "nonsense"), "--listen", "127.0.0.1:2")
                        .prometheus())
                .contains(new Prometheus("127.0.0.1", 2));
    }

    @Test
    void anEmptyVariableIsUnset() throws UsageException {
        assertThat(config(Map.of("LISTEN", "", "PROVIDER", "  "))).isEqualTo(config(Map.of()));
    }

    @Test
    void networksAddUpWithinTheFlagAndAreSplitAtCommas() throws UsageException {
        assertThat(config(Map.of(), "--track-public-network=8.8.8.0/24", "--track-public-network", "1.1.1.1,9.9.9.9")
                        .tcp()
                        .trackPublicNetworks())
                .extracting(Object::toString)
                .containsExactly("8.8.8.0/24", "1.1.1.1/32", "9.9.9.9/32");
        assertThat(config(Map.of("TRACK_PUBLIC_NETWORK", "8.8.8.0/24, 2001:db8::/32,"))
                        .tcp()
                        .trackPublicNetworks())
                .extracting(Object::toString)
                .containsExactly("8.8.8.0/24", "2001:db8::/32");
    }

    @Test
    void listenOfNoneOpensNoPort() throws UsageException {
        assertThat(config(Map.of(), "--listen=none").prometheus()).isEmpty();
    }

    @Test
    void reportingNothingAnywhereIsWarnedAbout() throws UsageException {
        Settings settings = settings(Map.of(), "--listen=none");
        settings.toBuilder(new OpenTelemetryVariables(Map.of()));

        assertThat(settings.warnings())
                .containsExactly("Nothing is reported anywhere: there is no --listen and no --otlp-endpoint.");
    }

    @Test
    void aSwitchCanBeOffInItsVariable() throws UsageException {
        assertThat(config(Map.of("NO_PARSE_LOGS", "false")).logs().enabled()).isTrue();
        assertThat(config(Map.of("NO_PARSE_LOGS", "1")).logs().enabled()).isFalse();
        assertThat(config(Map.of(), "--disable-log-parsing").logs().enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LISTEN | 80 | environment variable LISTEN: '80' is not an address to listen on; allowed are"
                        + " <address>:<port> with a port of 0 to 65535, such as 0.0.0.0:80, [::1]:9400 or :9400, and none",
                "NO_PARSE_LOGS | yes | environment variable NO_PARSE_LOGS: 'yes' must be true or false",
                "DISABLE_PINGER | on | environment variable DISABLE_PINGER: 'on' must be true or false",
                "LOG_LEVEL | loud | environment variable LOG_LEVEL: 'loud' is not a log level; allowed are error, warn,"
                        + " info, debug and trace",
                "OTLP_INTERVAL | 15 | environment variable OTLP_INTERVAL: '15' is not a duration; allowed is a whole"
                        + " number with ms, s, m or h, such as 15s",
                "OTLP_INTERVAL | 1ms | environment variable OTLP_INTERVAL: otlp.interval must be 100 ms to 24 h, not 1 ms",
                "OTLP_PROTOCOL | http/json | environment variable OTLP_PROTOCOL: 'http/json' is not supported; allowed"
                        + " are grpc and http/protobuf",
                "OTLP_ENDPOINT | localhost:4317 | environment variable OTLP_ENDPOINT: otlp.endpoint must be a URL such as"
                        + " http://localhost:4318 (http or https, a host, and a port), not 'localhost:4317'",
                "OTLP_ENDPOINT | http://a b | environment variable OTLP_ENDPOINT: 'http://a b' is not a URL; allowed is"
                        + " one such as http://localhost:4318",
                "CGROUPFS_ROOT | cgroup | environment variable CGROUPFS_ROOT: roots.cgroup must be an absolute path, not"
                        + " 'cgroup'",
                "TRACK_PUBLIC_NETWORK | 8.8.8.0/24,x | environment variable TRACK_PUBLIC_NETWORK: 'x' is not a network;"
                        + " allowed are an IPv4 or IPv6 address with or without a prefix length, such as 8.8.8.0/24,"
                        + " 2001:db8::/32 or 1.1.1.1",
            })
    void aWrongVariableIsNamedWithItsValueAndWhatIsAllowed(String variable, String value, String message) {
        assertThatThrownBy(() -> settings(Map.of(variable, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void everyFlagRefusesAWrongValueByItsName() {
        List<String> anything = List.of(
                "--provider",
                "--region",
                "--availability-zone",
                "--instance-type",
                "--instance-life-cycle",
                "--container-allowlist",
                "--container-denylist");
        for (Flag flag : Flags.ALL) {
            if (!anything.contains(flag.name()) && flag.kind() != Flag.Kind.SWITCH) {
                assertThatThrownBy(() -> settings(Map.of(), flag.name() + "=\u0000!"))
                        .as(flag.name())
                        .isInstanceOf(UsageException.class)
                        .hasMessageStartingWith(flag.name() + ": ");
            }
        }
    }

    private static NodeTelemetryConfig config(Map<String, String> environment, String... arguments)
            throws UsageException {
        return settings(environment, arguments).toBuilder(new OpenTelemetryVariables(Map.of()))
                .config();
    }

    private static Settings settings(Map<String, String> environment, String... arguments) throws UsageException {
        return new SettingsReader(environment)
                .read(CommandModel.given(CommandModel.create().parseArgs(arguments)));
    }
}
