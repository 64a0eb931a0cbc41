package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrapeTest {
    private static final String TEXT = """
            # HELP x_total Things.
            # TYPE x_total counter
            x_total{a="1",b="p q"} 3
            x_total{a="2"} 4.5 1700000000000
            # TYPE up gauge
            up 1
            """;

    @Test
    void samplesAreFoundBySomeOfTheirLabels() {
        Scrape scrape = Scrape.parse(TEXT);

        assertThat(scrape.value("x_total", "a", "1")).hasValue(3);
        assertThat(scrape.value("x_total", "b", "p q", "a", "1")).hasValue(3);
        assertThat(scrape.value("x_total", "a", "3")).isEmpty();
        assertThat(scrape.value("up")).hasValue(1);
        assertThat(scrape.sum("x_total")).isEqualTo(7.5);
        assertThat(scrape.types()).isEqualTo(Map.of("x_total", "counter", "up", "gauge"));
    }

    @Test
    void oneValueOfSeveralSeriesIsAMistakeOfTheTest() {
        Scrape scrape = Scrape.parse(TEXT);

        assertThatThrownBy(() -> scrape.value("x_total")).isInstanceOf(AssertionError.class);
    }

    @Test
    void escapesInLabelValuesAreUndone() {
        Scrape scrape = Scrape.parse("# TYPE x gauge\nx{p=\"a\\\\b\\\"c\\nd\"} 1\n");

        assertThat(scrape.value("x", "p", "a\\b\"c\nd")).hasValue(1);
    }

    @Test
    void infinitiesAndNotANumberAreValues() {
        Scrape scrape = Scrape.parse("# TYPE x gauge\nx{v=\"1\"} +Inf\nx{v=\"2\"} -Inf\nx{v=\"3\"} NaN\n");

        assertThat(scrape.value("x", "v", "1")).hasValue(Double.POSITIVE_INFINITY);
        assertThat(scrape.value("x", "v", "2")).hasValue(Double.NEGATIVE_INFINITY);
        assertThat(scrape.value("x", "v", "3")).hasValue(Double.NaN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "y 1",
                "x",
                "x ",
                "x one",
                "x 1 2 3",
                "x{a=\"1\"",
                "x{a=\"1\"}2",
                "x{a=1} 2",
                "x{a=\"\\t\"} 2",
                "x{a=\"1\",a=\"2\"} 2",
                "{a=\"1\"} 2",
                "x 1\nx 2",
                "# TYPE x counter",
                "# TYPE x"
            })
    void whatAScrapeMustNotHoldFailsTheParse(String lines) {
        assertThatThrownBy(() -> Scrape.parse("# TYPE x gauge\n" + lines + "\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyBytesInGiveASampleOrTheDocumentedException() {
        Random random = new Random(20261123);
        String alphabet = "x{}=\",\\ n1.+-\n#";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder line = new StringBuilder("# TYPE x gauge\n");
            for (int i = random.nextInt(20); i > 0; i--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(Scrape.parse(line.toString())).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Scrape.parse(line + ""));
            }
        }
    }
}
