package io.nodetelemetry.internal.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricFamily.ValueType;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusTextTest {
    private static final MetricFamily ONE_LABEL = MetricFamily.gauge("m", "", ValueType.LONG, "M.", "a");
    private static final MetricFamily NUMBER = MetricFamily.gauge("m", "", ValueType.DOUBLE, "M.");

    private final PrometheusText text = new PrometheusText();

    private String write(Snapshot snapshot, ExpositionFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.write(snapshot, format, out);
        return out.toString(UTF_8);
    }

    private static String golden(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/export", name));
    }

    @Test
    void everyShapeInTextFormat() throws IOException {
        assertThat(write(SampleSnapshots.everyShape(), ExpositionFormat.TEXT_0_0_4))
                .isEqualTo(golden("every-shape.txt"));
    }

    @Test
    void everyShapeInOpenMetrics() throws IOException {
        assertThat(write(SampleSnapshots.everyShape(), ExpositionFormat.OPENMETRICS_1_0_0))
                .isEqualTo(golden("every-shape.openmetrics"));
    }

    @Test
    void secondScrapeGivesTheSameBytesFromKeptLabels() throws IOException {
        Snapshot snapshot = SampleSnapshots.everyShape();
        String first = write(snapshot, ExpositionFormat.TEXT_0_0_4);
        assertThat(write(snapshot, ExpositionFormat.TEXT_0_0_4)).isEqualTo(first);
    }

    @Test
    void sharedLabelsAreWrittenWithTheKeysOfEachTableAndTheConstantsOfEachSnapshot() throws IOException {
        MetricFamily other = MetricFamily.gauge("n", "", ValueType.LONG, "N.", "b");
        Labels shared = Labels.of("x");
        MetricTable one = MetricTable.builder(ONE_LABEL).row(shared).set(0, 1).build();
        MetricTable two = MetricTable.builder(other).row(shared).set(0, 2).build();
        for (String machine : List.of("first", "second", "first")) {
            Snapshot snapshot = new Snapshot(
                    SampleSnapshots.STARTED, SampleSnapshots.TAKEN, Map.of("aa", machine), List.of(one, two));
            assertThat(write(snapshot, ExpositionFormat.TEXT_0_0_4))
                    .contains("m{a=\"x\",aa=\"" + machine + "\"} 1\n", "n{aa=\"" + machine + "\",b=\"x\"} 2\n");
        }
    }

    @Test
    void aRowsOwnLabelWinsOverAConstantOne() throws IOException {
        MetricTable table =
                MetricTable.builder(ONE_LABEL).row(Labels.of("own")).set(0, 1).build();
        Snapshot snapshot =
                new Snapshot(SampleSnapshots.STARTED, SampleSnapshots.TAKEN, Map.of("a", "constant"), List.of(table));
        assertThat(write(snapshot, ExpositionFormat.TEXT_0_0_4)).contains("m{a=\"own\"} 1\n");
    }

    @Test
    void aFamilyInTwoTablesIsDescribedOnce() throws IOException {
        MetricTable one =
                MetricTable.builder(ONE_LABEL).row(Labels.of("x")).set(0, 1).build();
        MetricTable two =
                MetricTable.builder(ONE_LABEL).row(Labels.of("y")).set(0, 1).build();
        assertThat(ParsedMetrics.ofText(write(SampleSnapshots.of(one, two), ExpositionFormat.TEXT_0_0_4))
                        .series())
                .hasSize(2);
    }

    @Test
    void anyLabelValueIsReadBackAsItWas() throws IOException {
        Random random = new Random(20260102);
        String alphabet = "\\\"\n\r\0a{},= \u00e9\u2603\ud83d\ude00\ud800\udc00\uffff\t";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                value.append(
                        random.nextBoolean()
                                ? alphabet.charAt(random.nextInt(alphabet.length()))
                                : (char) random.nextInt(0x10000));
            }
            MetricTable table = MetricTable.builder(ONE_LABEL)
                    .row(Labels.of(value.toString()))
                    .set(0, 1)
                    .build();
            String written = write(SampleSnapshots.of(table), ExpositionFormat.TEXT_0_0_4);
            String onTheWire = new String(value.toString().getBytes(UTF_8), UTF_8);
            assertThat(ParsedMetrics.ofText(written).series().iterator().next().labels())
                    .containsEntry("a", onTheWire);
        }
    }

    @Test
    void aLabelLongerThanTheBufferIsWrittenWhole() throws IOException {
        String value = "x".repeat(3 * TextBuffer.CAPACITY);
        MetricTable table = MetricTable.builder(ONE_LABEL)
                .row(Labels.of(value))
                .set(0, 1)
                .row(Labels.of("short"))
                .set(0, 2)
                .build();
        assertThat(write(SampleSnapshots.of(table), ExpositionFormat.TEXT_0_0_4))
                .contains("a=\"" + value + "\"")
                .endsWith("m{a=\"short\",machine_id=\"0123456789abcdef0123456789abcdef\"} 2\n");
    }

    @Test
    void wholeNumbersAreWrittenLikeLongToString() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextBuffer buffer = new TextBuffer(out);
        StringBuilder expected = new StringBuilder();
        Random random = new Random(7);
        long power = 1;
        for (int i = 0; i < 64; i++) {
            for (long value : new long[] {power, power - 1, -power, random.nextLong() >> i, 1L << i, -(1L << i)}) {
                buffer.put(value);
                buffer.put('\n');
                expected.append(value).append('\n');
            }
            power *= 10;
        }
        buffer.drain();
        assertThat(out.toString(UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void fractionsAreWrittenLikeDoubleToString() throws IOException {
        Random random = new Random(8);
        for (int i = 0; i < 5_000; i++) {
            double value = switch (i % 4) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> random.nextInt(30_000_000) - 15_000_000;
                case 2 -> random.nextInt() / 1000.0;
                default -> (i - 2_500) / 8.0;
            };
            String expected = Double.toString(value).replace("Infinity", "Inf");
            String line = write(
                    new Snapshot(
                            SampleSnapshots.STARTED,
                            SampleSnapshots.TAKEN,
                            Map.of(),
                            List.of(MetricTable.single(NUMBER, value))),
                    ExpositionFormat.TEXT_0_0_4);
            assertThat(line).endsWith("\nm " + (expected.equals("Inf") ? "+Inf" : expected) + "\n");
        }
    }

    @Test
    void aFailingStreamFailsTheScrape() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> text.write(SampleSnapshots.everyShape(), ExpositionFormat.TEXT_0_0_4, broken)))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
    }

    @Test
    void promtoolHasNothingToSay(@TempDir Path directory) throws Exception {
        Path promtool = Path.of("/usr/bin/promtool");
        assumeTrue(Files.isExecutable(promtool), "promtool (Debian package prometheus) is not installed");
        Path scrape = directory.resolve("scrape");
        Files.writeString(scrape, write(SampleSnapshots.tcp(5, 5), ExpositionFormat.TEXT_0_0_4));
        Path said = directory.resolve("said");
        Process process = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(scrape.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        int exit = process.waitFor();
        assertThat(Files.readString(said)).isEmpty();
        assertThat(exit).isZero();
    }
}
