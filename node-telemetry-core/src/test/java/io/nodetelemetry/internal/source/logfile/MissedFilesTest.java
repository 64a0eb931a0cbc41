package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that came to a log's name and left it again before they were opened, as an engine rotates and packs them. */
class MissedFilesTest {
    @TempDir
    private Path directory = Path.of("");

    private Path log = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private SteppedLogFiles files;

    @BeforeEach
    void open() throws Exception {
        log = directory.resolve("app.log");
        files = new SteppedLogFiles();
    }

    @AfterEach
    void close() {
        files.close();
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Path file(String mark) {
        return directory.resolve("app.log." + mark);
    }

    /** As Docker does it: packed ones move on, the current one becomes number 1, goes on under its name, and is packed. */
    private void rotate(int kept) throws IOException {
        Files.deleteIfExists(file(kept - 1 + ".gz"));
        for (int i = kept - 2; i > 0; i--) {
            if (Files.exists(file(i + ".gz"))) {
                Files.move(file(i + ".gz"), file(i + 1 + ".gz"));
            }
        }
        Files.move(log, file("1"), StandardCopyOption.REPLACE_EXISTING);
        Files.createFile(log);
        pack(file("1"));
    }

    private static void pack(Path file) throws IOException {
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(Path.of(file + ".gz")))) {
            Files.copy(file, packed);
        }
        Files.delete(file);
    }

    private void assertNothingLost(ReadLines lines, String... expected) {
        assertThat(lines.lines).containsExactlyInAnyOrder(expected);
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void whatWasPackedBeforeItWasSeenIsReadFromThere() throws Exception {
        append(log, "1\n");
        ReadLines lines = files.follow(log, Beginning.START);
        for (int i = 2; i <= 4; i++) {
            rotate(5);
            append(log, i + "\n");
        }
        files.readSoon();
        files.readSoon();
        assertNothingLost(lines, "1", "2", "3", "4");

        rotate(5);
        append(log, "5\n");
        rotate(5);
        append(log, "6\n");
        files.readSoon();
        files.readAfter(Duration.ofSeconds(31));
        assertNothingLost(lines, "1", "2", "3", "4", "5", "6");
    }

    @Test
    void onlyWhatIsThereNoMoreInAnyShapeIsCounted() throws Exception {
        append(log, "1\n");
        ReadLines lines = files.follow(log, Beginning.START);
        for (int i = 2; i <= 7; i++) {
            rotate(3);
            append(log, i + "\n");
        }
        files.readSoon();
        files.readSoon();

        // The second, third and fourth were missed and are gone.
        assertThat(lines.lines).containsExactlyInAnyOrder("1", "5", "6", "7");
        assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(3);
    }

    @Test
    void whatWasThereBeforeReadingBeganIsNoneThatWasMissed() throws Exception {
        append(log, "old 1\n");
        rotate(5);
        append(log, "old 2\n");
        Files.move(log, file("1"));
        append(log, "old 3\n");
        ReadLines lines = files.follow(log, Beginning.END);
        // Another one was to be packed still.
        pack(file("1"));
        append(log, "1\n");
        files.readSoon();
        Files.move(log, file("1"));
        append(log, "2\n");
        Files.delete(log);
        append(log, "3\n");
        files.readSoon();
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "3");
        assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(1);
    }

    /** Neither is a file of which less than a line was there as it was read first. */
    @Test
    void whatIsReadAlreadyIsNotReadAgainAsItIsPacked() throws Exception {
        append(log, "f");
        ReadLines lines = files.follow(log, Beginning.START);
        append(log, "irst\n");
        files.readSoon();
        rotate(5);
        append(log, "second\n");
        Files.delete(log);
        append(log, "third\n");
        files.readSoon();
        files.readSoon();
        files.readAfter(Duration.ofSeconds(31));

        assertThat(lines.lines).containsExactly("first", "third");
        assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(1);
    }

    @Test
    void aFileThatStopsShortIsReadSoFarAndCounted() throws Exception {
        append(log, "1\n");
        ReadLines lines = files.follow(log, Beginning.START);
        rotate(5);
        String[] missed =
                IntStream.range(0, 50_000).mapToObj(i -> "line " + i * 7_919L).toArray(String[]::new);
        append(log, String.join("\n", missed) + "\n");
        rotate(5);
        byte[] packed = Files.readAllBytes(file("1.gz"));
        Files.write(file("1.gz"), Arrays.copyOf(packed, packed.length - 1_000));
        append(log, "3\n");
        files.readSoon();
        files.readSoon();

        assertThat(lines.lines).contains("1", "3", missed[0], missed[40_000]).doesNotContain(missed[49_999]);
        assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(1);
    }

    @Test
    void whatIsNoPackedFileIsPassedOver() throws Exception {
        append(log, "1\n");
        ReadLines lines = files.follow(log, Beginning.START);
        rotate(5);
        append(log, "2\n");
        rotate(5);
        append(log, "3\n");
        Files.writeString(file("1.gz"), "of no shape");
        Files.writeString(file("3.gz"), "");
        files.readSoon();
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "3");
        assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(1);
    }

    @Test
    void whatAnotherThreadHoldsIsReadThoughItsNamesAreGone() throws Exception {
        try (FileAccess access = new FileAccess(1)) {
            HeldFiles held = new HeldFiles(new HeldFiles.Room(10));
            append(log, "1\n");
            ReadLines lines = new ReadLines();
            files.files.follow(new LogFileLocation.OnHost(log), Beginning.START, lines, held);
            files.read();
            for (int i = 2; i <= 4; i++) {
                rotate(2);
                try (Fd packed = access.find(file("1.gz").toString())) {
                    held.offerPacked(access.open(packed));
                }
                append(log, i + "\n");
            }
            files.readSoon();
            files.readSoon();

            assertNothingLost(lines, "1", "2", "3", "4");
        }
    }

    /** Another thread was late for the file between two that it opened. */
    @Test
    void aFileThatNobodyOpenedAndThatIsOlderThanTheNewestIsRead() throws Exception {
        try (FileAccess access = new FileAccess(1)) {
            HeldFiles held = new HeldFiles(new HeldFiles.Room(10));
            append(log, "1\n");
            ReadLines lines = new ReadLines();
            files.files.follow(new LogFileLocation.OnHost(log), Beginning.START, lines, held);
            files.read();
            Files.move(log, file("2"));
            append(log, "2\n");
            Files.move(log, file("1"));
            append(log, "3\n");
            try (Fd newest = access.find(log.toString())) {
                held.offer(access.open(newest));
            }
            files.readSoon();
            files.readSoon();

            assertNothingLost(lines, "1", "2", "3");
        }
    }

    /** What was opened before it was heard of makes up for no file that is missed later, nor the other way round. */
    @Test
    void filesAreHeardOfAndOpenedInAnyOrder() throws Exception {
        try (FileAccess access = new FileAccess(1)) {
            HeldFiles held = new HeldFiles(new HeldFiles.Room(10));
            append(log, "1\n");
            ReadLines lines = new ReadLines();
            files.files.follow(new LogFileLocation.OnHost(log), Beginning.START, lines, held);
            files.read();
            for (int i = 2; i <= 5; i++) {
                Files.delete(log);
                append(log, i + "\n");
                if (i != 4) {
                    try (Fd newest = access.find(log.toString())) {
                        held.offer(access.open(newest));
                    }
                }
            }
            files.readSoon();
            files.readSoon();

            assertThat(lines.lines).containsExactly("1", "2", "3", "5");
            assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(1);
        }
    }

    @Test
    void noMoreIsOpenThanMayBe() throws Exception {
        LogFileLimits limits = new LogFileLimits(10, 3, 2, 100, 1 << 16, 1 << 20);
        try (SteppedLogFiles few = new SteppedLogFiles(limits)) {
            append(log, "1\n");
            ReadLines lines = few.follow(log, Beginning.START);
            for (int i = 2; i <= 6; i++) {
                rotate(9);
                append(log, i + "\n");
            }
            few.readSoon();
            few.readAfter(Duration.ofSeconds(31));

            List<String> all = List.of("1", "2", "3", "4", "5", "6");
            assertThat(all).containsAll(lines.lines);
            assertThat(lines.lines).doesNotHaveDuplicates().contains("1", "6");
            assertThat(lines.lines.size() + few.losses(Loss.MISSED_GENERATION)).isEqualTo(all.size());
        }
    }
}
