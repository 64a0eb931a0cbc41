package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files on the real kernel, in a time that the test makes pass. */
class LogFilesTest {
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

    @Test
    void fromTheEndAFileIsReadFromWhereItEndsAndHalfALineIsNone() throws Exception {
        append(log, "old\nhalf ");
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "of it\nnew\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("new");
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void holesTakeNoTime() throws Exception {
        // As a writer that does not append makes one, where its file was truncated, or a container for fun.
        append(log, "first\n");
        ReadLines lines = files.follow(log, Beginning.START);
        long end = 1L << 40;
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("second\nthi".getBytes(UTF_8)), end);
        }
        files.readSoon();
        append(log, "rd\n");
        files.readSoon();
        assertThat(lines.lines).containsExactly("first", "second", "third");

        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}), end);
            channel.truncate(end);
        }
        files.readSoon();
        append(log, "fourth\n");
        files.readSoon();
        assertThat(lines.lines).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void aWriterInAContainerThatNeverHearsOfTheRotationIsReadOn() throws Exception {
        // As logrotate does it where nobody is told; the new file stays empty.
        append(log, "");
        ReadLines lines = new ReadLines();
        int pid = (int) ProcessHandle.current().pid();
        files.files.follow(
                new LogFileLocation.InContainer(Path.of("/proc"), pid, Integer.MAX_VALUE, log.toString()),
                Beginning.START,
                lines);
        files.read();
        try (FileChannel writer = FileChannel.open(log, StandardOpenOption.APPEND)) {
            Files.move(log, directory.resolve("app.log.1"));
            append(log, "");
            files.read();
            for (int minute = 1; minute < 30; minute++) {
                files.readAfter(Duration.ofSeconds(30));
                writer.write(ByteBuffer.wrap("%d\n".formatted(minute).getBytes(UTF_8)));
                files.readAfter(Duration.ofSeconds(30));
                assertThat(lines.lines).hasSize(minute).endsWith(Integer.toString(minute));
            }
            append(log, "of another writer\n");
            files.readAfter(Duration.ofSeconds(30));
            files.readAfter(Duration.ofSeconds(30));
            writer.write(ByteBuffer.wrap("late\n".getBytes(UTF_8)));
            files.readAfter(Duration.ofSeconds(30));
            assertThat(lines.lines).endsWith("29", "of another writer");
        }
    }

    @Test
    void aFileThatAppearsLaterIsReadFromItsStart() throws Exception {
        Path later = directory.resolve("a/b/c/app.log");
        ReadLines lines = files.follow(later, Beginning.END);
        Files.createDirectories(later.getParent());
        append(later, "first\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("first");
    }

    @Test
    void fromTheStartRotatedFilesComeFirstOldestFirst() throws Exception {
        append(directory.resolve("app.log.2"), "1\n");
        append(directory.resolve("app.log.1"), "2\n");
        append(directory.resolve("app.log.1.gz"), "not this\n");
        append(directory.resolve("app.log.bak"), "nor this\n");
        append(log, "3\n");

        assertThat(files.follow(log, Beginning.START).lines).containsExactly("1", "2", "3");
    }

    @Test
    void severalRotationsBetweenTwoReadsLoseNothing() throws Exception {
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "1\n");
        files.readSoon();
        append(log, "2\n");
        rotate(5);
        append(log, "3\n");
        rotate(5);
        append(log, "4\n");
        rotate(5);
        append(log, "5\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "2", "3", "4", "5");
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void whatIsWrittenToARenamedFileIsReadAndItsUnfinishedLineGivenWhenItIsDone() throws Exception {
        append(log, "");
        ReadLines lines = files.follow(log, Beginning.END);
        rotate(2);
        append(log, "new\n");
        files.readSoon();
        append(directory.resolve("app.log.1"), "late\nunfinished");
        files.readAfter(Duration.ofSeconds(1));
        assertThat(lines.lines).containsExactly("new", "late");
        files.readAfter(Duration.ofSeconds(11));

        assertThat(lines.lines).containsExactly("new", "late", "unfinished");
    }

    @Test
    void rotatedFilesThatAreGoneBeforeTheyWereSeenAreCounted() throws Exception {
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "1\n");
        files.readSoon();
        for (int i = 2; i <= 6; i++) {
            rotate(2);
            append(log, i + "\n");
        }
        files.readSoon();
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "4", "5", "6");
        assertThat(files.losses(Loss.MISSED_GENERATION)).isEqualTo(2);
    }

    @Test
    void aCopyIsReadOnWhereItsOriginalWasReadTo() throws Exception {
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "1\n2\n");
        files.readSoon();
        append(log, "3\n");
        copyAndTruncate("app.log.1");
        append(log, "4\n");
        files.readSoon();
        append(log, "5\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "2", "3", "4", "5");
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void aFileThatIsTruncatedAndWrittenBeyondWhereItWasReadToIsNoticed() throws Exception {
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "1\n");
        files.readSoon();
        append(log, "2\n");
        copyAndTruncate("app.log.1");
        append(log, "a longer line than was there before\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "2", "a longer line than was there before");
    }

    @Test
    void aFileThatIsTruncatedWithoutACopyIsReadAnewAndThatIsCounted() throws Exception {
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "1\n2\n");
        files.readSoon();
        Files.writeString(log, "3\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "2", "3");
        assertThat(files.losses(Loss.TRUNCATED)).isEqualTo(1);
    }

    @Test
    void aFileThatIsDeletedAndMadeAnewIsReadFromItsStart() throws Exception {
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "1\n");
        files.readSoon();
        append(log, "2\n");
        Files.delete(log);
        append(log, "3\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "2", "3");
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void aLinkThatLeadsElsewhereIsARotation() throws Exception {
        Path target = Files.createDirectory(directory.resolve("pods")).resolve("0.log");
        Files.createSymbolicLink(log, target);
        append(target, "1\n");
        ReadLines lines = files.follow(log, Beginning.START);
        append(target, "2\n");
        Path next = target.resolveSibling("1.log");
        append(next, "3\n");
        Path link = Files.createSymbolicLink(directory.resolve("link"), next);
        Files.move(link, log, StandardCopyOption.ATOMIC_MOVE);
        files.readSoon();
        Files.move(next, next.resolveSibling("1.log.20260101-120000"));
        append(next, "4\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("1", "2", "3", "4");
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void aDirectoryInTheLogsPlaceIsCountedOnceAndAFileAwaited() throws Exception {
        Files.createDirectory(log);
        ReadLines lines = files.follow(log, Beginning.END);
        files.readAfter(Duration.ofMinutes(1));
        files.readAfter(Duration.ofMinutes(1));
        assertThat(files.losses(Loss.NOT_REGULAR)).isEqualTo(1);
        Files.delete(log);
        append(log, "1\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("1");
        assertThat(files.losses(Loss.MISSED_GENERATION)).isZero();
    }

    @Test
    void aLogThatIsQuietIsReadOnlyWhenTheKernelTellsOfAChange() throws Exception {
        ReadLines lines = files.follow(log, Beginning.END);
        append(log, "1\n");
        files.readSoon();
        files.readAfter(Duration.ofSeconds(2));
        files.readSoon();
        append(log, "2\n");
        files.read();

        assertThat(lines.lines).containsExactly("1", "2");
        assertThat(files.files.degraded()).isEmpty();
        assertThat(files.files.drops())
                .isEqualTo(Map.of(
                        "missed_generation", 0L,
                        "truncated", 0L,
                        "not_regular", 0L,
                        "unreadable", 0L,
                        "log_limit", 0L,
                        "descriptor_limit", 0L,
                        "unfinished_limit", 0L));
    }

    private static void append(Path file, String text) throws Exception {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** As most do it: the oldest goes, numbers go up, the current one becomes number 1. */
    private void rotate(int kept) throws Exception {
        for (int i = kept; i > 0; i--) {
            Path older = i == 1 ? log : directory.resolve("app.log." + (i - 1));
            if (Files.exists(older)) {
                Files.move(older, directory.resolve("app.log." + i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void copyAndTruncate(String copy) throws Exception {
        Files.copy(log, directory.resolve(copy));
        Files.writeString(log, "");
    }

    /** Of a log whose files are rotated away while its reader is busy, each is read once and in its turn. */
    @Test
    void filesThatAnotherHeldAreReadInOrderAndOnce() throws Exception {
        try (SteppedLogFiles files = new SteppedLogFiles();
                FileAccess access = new FileAccess(1)) {
            Path log = directory.resolve("held.log");
            HeldFiles held = new HeldFiles(new HeldFiles.Room(100));
            for (int i = 0; i < 5; i++) {
                Files.writeString(log, i + "\n");
                // The last one is there when it is looked for, too, and one more comes late.
                hold(access, log, held);
                if (i < 4) {
                    Files.delete(log);
                }
            }
            ReadLines lines = new ReadLines();
            files.files.follow(new LogFileLocation.OnHost(log), Beginning.START, lines, held);
            files.read();
            hold(access, log, held);
            files.readAfter(Duration.ofSeconds(11));
            files.readAfter(Duration.ofSeconds(31));

            assertThat(lines.lines).containsExactly("0", "1", "2", "3", "4");
            assertThat(files.files.drops().values()).containsOnly(0L);
        }
    }

    private static void hold(FileAccess access, Path log, HeldFiles held) throws Exception {
        try (Fd found = access.find(log.toString())) {
            held.offer(access.open(found));
        }
    }
}
