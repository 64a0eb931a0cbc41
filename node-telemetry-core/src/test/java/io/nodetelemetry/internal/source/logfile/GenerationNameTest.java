package io.nodetelemetry.internal.source.logfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationNameTest {
    @ParameterizedTest
    @CsvSource({
        "app.log.1, 1",
        "app.log.10, 10",
        "app.log.old, old",
        "app.log-20260101, 20260101",
        "app.log.20260101-120000, 20260101-120000",
        "app.log.20260101T120000Z, 20260101T120000Z",
        "app.log.2026-01-01_12-00-00, 2026-01-01_12-00-00",
        "app-20260101.log, 20260101",
        "app.2026-01-01.7.log, 2026-01-01.7",
        "app-2026-01-01T12-00-00.000.log, 2026-01-01T12-00-00.000",
    })
    void namesThatAreGivenByRotation(String name, String mark) {
        assertThat(GenerationName.of(name, "app.log")).contains(new GenerationName(mark));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.log",
                "app.log.",
                "app.log.1.gz",
                "app.log-20260101.zst",
                "app.log.bak",
                "app.log.swp",
                "app.log1",
                "app-2.log",
                "app.log.1.tmp",
                "other.log.1",
                "app-worker.log",
                "app",
                ""
            })
    void namesOfOtherFiles(String name) {
        assertThat(GenerationName.of(name, "app.log")).isEmpty();
    }

    @Test
    void aLogWithoutExtension() {
        assertThat(GenerationName.of("syslog.1", "syslog")).contains(new GenerationName("1"));
        assertThat(GenerationName.of("syslog2", "syslog")).isEmpty();
    }

    @Test
    void onlyShortNumbersCountRotations() {
        assertThat(new GenerationName("12").index()).isEqualTo(OptionalInt.of(12));
        assertThat(new GenerationName("20260101").index()).isEmpty();
        assertThat(new GenerationName("1.2").index()).isEmpty();
        assertThat(new GenerationName("old").index()).isEmpty();
    }

    @Test
    void anyNameWillDo() {
        Random random = new Random(20_261_123);
        String letters = "ap.log-0129TZ_:+\u0000é";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            StringBuilder log = new StringBuilder();
            random.ints(random.nextInt(12), 0, letters.length()).forEach(at -> name.append(letters.charAt(at)));
            random.ints(random.nextInt(8), 0, letters.length()).forEach(at -> log.append(letters.charAt(at)));
            GenerationName.of(log.toString() + name, log.toString())
                    .ifPresent(generation -> assertThat(generation.index())
                            .satisfiesAnyOf(
                                    index -> assertThat(index).isEmpty(),
                                    index -> assertThat(index.orElseThrow()).isBetween(0, 9_999)));
        }
    }
}
