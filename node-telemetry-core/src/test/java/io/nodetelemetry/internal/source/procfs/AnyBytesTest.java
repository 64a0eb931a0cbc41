package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The files of the node's resources, damaged at random: what is read is never negative, and nothing throws. */
class AnyBytesTest {
    private static final Path CAPTURED = Path.of("src/test/resources/procfs/node");
    private final Random random = new Random(5);

    private String damaged(byte[] whole) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(40); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) " \n0123456789-:kB".charAt(random.nextInt(16));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length);
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    @Test
    void damagedFilesAreReadAsFarAsTheyGo() throws IOException {
        byte[] stat = Files.readAllBytes(CAPTURED.resolve("stat"));
        byte[] meminfo = Files.readAllBytes(CAPTURED.resolve("meminfo"));
        byte[] diskstats = Files.readAllBytes(CAPTURED.resolve("diskstats"));
        for (int i = 0; i < 3_000; i++) {
            assertThat(ProcStat.parse(damaged(stat), 100).micros().values()).allMatch(micros -> micros >= 0);
            MemInfo memory = MemInfo.parse(damaged(meminfo));
            assertThat(List.of(memory.totalBytes(), memory.freeBytes(), memory.availableBytes(), memory.cachedBytes()))
                    .allMatch(bytes -> bytes.orElse(0) >= 0);
            assertThat(DiskStats.parse(damaged(diskstats)).devices())
                    .allMatch(device -> device.readBytes() >= 0 && device.writtenBytes() >= 0 && device.reads() >= 0);
            assertThat(Uptime.parseMillis(damaged("12436.73 12311.61".getBytes(StandardCharsets.US_ASCII)))
                            .orElse(0))
                    .isNotNegative();
        }
    }
}
