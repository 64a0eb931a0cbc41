package io.nodetelemetry.internal.source.statfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.StatFs;
import io.nodetelemetry.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountReadingTest {
    @TempDir
    private Path folder = Path.of("");

    private static MountReading reading(String path) throws IOException {
        return MountReading.of(path).orElseThrow();
    }

    @Test
    void sizesAreThoseOfStat() throws Exception {
        // procfs has no blocks and never has, so nothing changes between the two looks; the root's total is fixed.
        assertThat(reading("/proc").size()).contains(new FileSystemSize(0, 0, 0));
        String[] stat = Command.run(List.of("stat", "-f", "-c", "%S %b", folder.toString()))
                .succeeded()
                .out()
                .strip()
                .split(" ", 2);

        MountReading reading = reading(folder.toString());

        assertThat(reading.directory()).isTrue();
        assertThat(reading.size().orElseThrow().sizeBytes())
                .isEqualTo(Long.parseLong(stat[0]) * Long.parseLong(stat[1]));
    }

    @Test
    void fileIsToldFromADirectory() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThat(reading(file.toString()).directory()).isFalse();
        assertThat(reading(file.toString()).size().orElseThrow().sizeBytes())
                .isEqualTo(reading(folder.toString()).size().orElseThrow().sizeBytes());
    }

    @Test
    void nameIsTakenAsUtf8WhateverTheLocale() throws Exception {
        Command.run(List.of("sh", "-c", "mkdir " + folder + "/$(printf 'd\\303\\244t\\342\\202\\254')"))
                .succeeded();

        assertThat(reading(folder + "/dät€").directory()).isTrue();
    }

    @Test
    void whatIsNotThereIsNone() throws IOException {
        assertThat(MountReading.of(folder + "/missing")).isEmpty();
        assertThat(MountReading.of("/proc/999999999/root/")).isEmpty();
    }

    @Test
    void refusalIsAnError() {
        String tooLong = "/" + "x".repeat(300);

        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> MountReading.of(tooLong))
                .withMessage("statfs " + tooLong + "/.: ENAMETOOLONG");
    }

    /** Reserved blocks: 100 blocks of 4096, 40 free, 30 of these for all. */
    @ParameterizedTest
    @CsvSource({
        "4096, 4096, 100, 40, 30, 409600, 245760, 40960",
        "131072, 512, 100, 40, 30, 51200, 30720, 5120",
        "4096, 0, 100, 40, 40, 409600, 245760, 0",
        "4096, 4096, 0, 0, 0, 0, 0, 0",
        "1, 1, 9223372036854775807, 0, 0, 9223372036854775807, 9223372036854775807, 0",
    })
    void sizesAreCountedInFragments(
            long block, long fragment, long blocks, long free, long available, long size, long used, long reserved) {
        assertThat(FileSystemSize.of(new StatFs(block, fragment, blocks, free, available)))
                .contains(new FileSystemSize(size, used, reserved));
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 100, 101, 30",
        "4096, 100, 40, 41",
        "4096, 100, 40, -1",
        "4096, -1, -1, -1",
        "-4096, 100, 40, 30",
        "0, 100, 40, 30",
        "4096, 4611686018427387904, 40, 30",
        "2, 4611686018427387904, 40, 30",
    })
    void nonsenseIsNoSize(long fragment, long blocks, long free, long available) {
        assertThat(FileSystemSize.of(new StatFs(0, fragment, blocks, free, available)))
                .isEmpty();
    }

    @Test
    void anyNumbersGiveAConsistentSizeOrNone() {
        Random random = new Random(3);
        int sizes = 0;
        for (int i = 0; i < 100_000; i++) {
            StatFs answer = new StatFs(
                    random.nextLong() >> random.nextInt(64),
                    random.nextLong() >> random.nextInt(64),
                    random.nextLong() >> random.nextInt(64),
                    random.nextLong() >> random.nextInt(64),
                    random.nextLong() >> random.nextInt(64));
            FileSystemSize size = FileSystemSize.of(answer).orElse(new FileSystemSize(0, 0, 0));
            assertThat(size.usedBytes()).isBetween(0L, size.sizeBytes());
            assertThat(size.reservedBytes()).isBetween(0L, size.sizeBytes() - size.usedBytes());
            sizes += size.sizeBytes() > 0 ? 1 : 0;
        }
        assertThat(sizes).isGreaterThan(100);
    }
}
