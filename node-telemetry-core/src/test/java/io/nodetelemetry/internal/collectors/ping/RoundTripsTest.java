package io.nodetelemetry.internal.collectors.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.export.ExpositionFormat;
import io.nodetelemetry.internal.export.PrometheusText;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.nodetelemetry.model.ContainerId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/collectors/ping/latency.txt");
    private static final RoundTrips.Key NEAR = key("10.0.0.1");
    private static final RoundTrips.Key FAR = key("2001:db8::1");

    private final RoundTrips roundTrips = new RoundTrips();

    private static RoundTrips.Key key(String host) {
        return new RoundTrips.Key(new ContainerId("/docker/a"), TargetChoiceTest.address(host, 0));
    }

    private int size() {
        return roundTrips.table(Set.of(NEAR, FAR)).size();
    }

    @Test
    void measurementsAreSecondsByContainerAndAddress() throws IOException {
        roundTrips.update(NEAR, OptionalLong.of(8_123));
        roundTrips.update(FAR, OptionalLong.of(1_250_000_000));
        roundTrips.update(NEAR, OptionalLong.of(8_124));

        MetricTable table = roundTrips.table(Set.of(NEAR, FAR));

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PrometheusText()
                .write(
                        new Snapshot(Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(table)),
                        ExpositionFormat.TEXT_0_0_4,
                        out);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void oneRoundWithoutAnAnswerIsForgivenAndTheSecondIsTheEnd() {
        roundTrips.update(NEAR, OptionalLong.of(1));

        roundTrips.update(NEAR, OptionalLong.empty());
        assertThat(size()).isEqualTo(1);

        roundTrips.update(NEAR, OptionalLong.empty());
        assertThat(size()).isZero();
    }

    @Test
    void answerWipesOutWhatWasMissed() {
        roundTrips.update(NEAR, OptionalLong.of(1));
        roundTrips.update(NEAR, OptionalLong.empty());
        roundTrips.update(NEAR, OptionalLong.of(2));
        roundTrips.update(NEAR, OptionalLong.empty());

        assertThat(size()).isEqualTo(1);
    }

    @Test
    void whatNeverAnsweredIsAbsent() {
        roundTrips.update(NEAR, OptionalLong.empty());

        assertThat(size()).isZero();
    }

    @Test
    void whatIsNotWantedAnyMoreIsForgotten() {
        roundTrips.update(NEAR, OptionalLong.of(1));
        roundTrips.update(FAR, OptionalLong.of(1));

        assertThat(roundTrips.table(Set.of(FAR)).size()).isEqualTo(1);
        assertThat(size()).isEqualTo(1);
    }
}
