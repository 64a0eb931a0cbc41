package io.nodetelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.NodeTelemetryConfig.Otlp;
import io.nodetelemetry.NodeTelemetryConfig.Prometheus;
import io.nodetelemetry.NodeTelemetryConfig.Protocol;
import io.nodetelemetry.NodeTelemetryConfig.Roots;
import io.nodetelemetry.model.Cidr;
import io.nodetelemetry.model.PortRange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeTelemetryBuilderTest {
    @Test
    void startsFromTheDefaults() {
        assertThat(NodeTelemetry.builder().config()).isEqualTo(NodeTelemetryConfig.DEFAULTS);
    }

    @Test
    void everyMethodReachesTheConfiguration() {
        NodeTelemetryConfig config = NodeTelemetry.builder()
                .prometheus("127.0.0.1", 9400)
                .otlp(URI.create("http://localhost:4318"))
                .trackPublicNetwork("8.8.8.0/24")
                .trackPublicNetwork(Cidr.parse("1.1.1.1"))
                .ephemeralPorts(PortRange.parse("32768-60999"))
                .maxDestinationsPerContainer(50)
                .dockerSocket(Path.of("/run/other.sock"))
                .parseLogs(false)
                .pingUpstreams(false)
                .cloudProvider("AWS")
                .region("eu-central-1")
                .availabilityZone("eu-central-1a")
                .collectInterval(Duration.ofSeconds(5))
                .procRoot(Path.of("/host/proc"))
                .sysRoot(Path.of("/host/sys"))
                .cgroupRoot(Path.of("/host/cgroup"))
                .config();

        assertThat(config.prometheus()).contains(new Prometheus("127.0.0.1", 9400));
        assertThat(config.otlp()).contains(Otlp.to(URI.create("http://localhost:4318"), Protocol.HTTP_PROTOBUF));
        assertThat(config.tcp().trackPublicNetworks())
                .containsExactly(Cidr.parse("8.8.8.0/24"), Cidr.parse("1.1.1.1/32"));
        assertThat(config.tcp().ephemeralPorts()).containsExactly(new PortRange(32_768, 60_999));
        assertThat(config.tcp().maxDestinationsPerContainer()).isEqualTo(50);
        assertThat(config.containers().sockets().docker()).contains(Path.of("/run/other.sock"));
        assertThat(config.logs().enabled()).isFalse();
        assertThat(config.ping().enabled()).isFalse();
        assertThat(config.cloud().provider()).contains("AWS");
        assertThat(config.cloud().region()).contains("eu-central-1");
        assertThat(config.cloud().availabilityZone()).contains("eu-central-1a");
        assertThat(config.collectInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.roots())
                .isEqualTo(new Roots(Path.of("/host/proc"), Path.of("/host/sys"), Path.of("/host/cgroup")));
    }

    @Test
    void aWrongValueIsRefusedWhereItIsGiven() {
        NodeTelemetryBuilder builder = NodeTelemetry.builder();

        assertThatThrownBy(() -> builder.trackPublicNetwork("8.8.8.8/24")).hasMessageContaining("8.8.8.0/24");
        assertThatThrownBy(() -> builder.prometheus("0.0.0.0", 70_000)).hasMessageContaining("70000");
        assertThatThrownBy(() -> builder.cgroupRoot(Path.of("relative"))).hasMessageContaining("'relative'");
        assertThat(builder.config()).isEqualTo(NodeTelemetryConfig.DEFAULTS);
    }

    @Test
    void versionIsThatOfTheBuild() {
        assertThat(NodeTelemetry.version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }
}
