package io.nodetelemetry.internal.source.logfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.logfile.RandomWriter.Rotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is written, rotated and read in whatever order: no line is lost and none is read twice. */
class LogFilesPropertyTest {
    private static final int SEQUENCES = 150;

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource
    void noLineIsLostAndNoneReadTwice(Rotation rotation) throws Exception {
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Path own = Files.createDirectory(directory.resolve(Integer.toString(seed)));
            check(rotation, new Random(seed), own.resolve("app.log"), "seed " + seed);
        }
    }

    private static void check(Rotation rotation, Random random, Path log, String name) throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles();
                RandomWriter writer = new RandomWriter(random, log, rotation)) {
            ReadLines read = files.follow(log, Beginning.END);
            int unread = 0;
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> {
                        // As many are open at once as may be: more between two reads are more than are promised.
                        if (unread < 10) {
                            writer.rotate();
                            unread++;
                        }
                    }
                    case 1, 2 -> {
                        files.readAfter(pause(random));
                        unread = 0;
                    }
                    default -> writer.write();
                }
            }
            writer.end();
            files.readAfter(Duration.ofSeconds(2));
            files.files.close();

            assertThat(numbersMissing(writer.expected, read.lines))
                    .as("lost, " + name)
                    .isEmpty();
            assertThat(numbersMissing(read.lines, writer.expected))
                    .as("twice, " + name)
                    .isEmpty();
            assertThat(files.files.drops().values()).as(name).containsOnly(0L);
        }
    }

    /** Beginnings of the lines that are here and not, or less often, there. */
    private static List<String> numbersMissing(List<String> here, List<String> there) {
        Map<String, Integer> counts = new HashMap<>();
        there.forEach(line -> counts.merge(line, 1, Integer::sum));
        return here.stream()
                .filter(line -> counts.merge(line, -1, Integer::sum) < 0)
                .map(line -> line.substring(0, Math.min(line.length(), 10)))
                .toList();
    }

    private static Duration pause(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofSeconds(2);
            case 2 -> Duration.ofSeconds(31);
            default -> Duration.ofMillis(random.nextInt(300));
        };
    }
}
