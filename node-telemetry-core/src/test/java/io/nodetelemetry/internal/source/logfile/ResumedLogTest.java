package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is left for a while and read on where that was, whatever became of it meanwhile. */
class ResumedLogTest {
    @TempDir
    private Path directory = Path.of("");

    private final SteppedLogFiles files;
    private Path log = Path.of("");

    ResumedLogTest() throws Exception {
        files = new SteppedLogFiles();
    }

    @BeforeEach
    void write() throws Exception {
        log = directory.resolve("app.log");
        append(log, "1\n2\n");
    }

    @AfterEach
    void close() {
        files.close();
    }

    /** Reads it from the beginning and leaves it, by another reader than the one that will go on. */
    private Bookmark leave(String... expected) throws Exception {
        try (SteppedLogFiles first = new SteppedLogFiles()) {
            ReadLines lines = new ReadLines();
            FollowedLog followed = first.files.follow(new LogFileLocation.OnHost(log), Beginning.START, lines);
            first.read();
            assertThat(lines.lines).containsExactly(expected);
            return followed.mark().orElseThrow();
        }
    }

    private ReadLines resume(Bookmark mark) {
        ReadLines lines = new ReadLines();
        files.files.resume(new LogFileLocation.OnHost(log), mark, lines);
        files.read();
        return lines;
    }

    @Test
    void whatWasWrittenMeanwhileIsRead() throws Exception {
        append(directory.resolve("app.log.1"), "older\n");
        Bookmark mark = leave("older", "1", "2");
        append(log, "3\n");
        ReadLines lines = resume(mark);
        append(log, "4\n");
        files.readSoon();

        assertThat(lines.lines).containsExactly("3", "4");
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void ofALineThatWasGivenUnfinishedTheRestIsNoLine() throws Exception {
        append(log, "half ");
        Bookmark mark = leave("1", "2");
        append(log, "a line\n3\n");

        assertThat(resume(mark).lines).containsExactly("3");
    }

    @Test
    void filesThatTookItsPlaceAreReadAfterItsRest() throws Exception {
        Bookmark mark = leave("1", "2");
        append(log, "3\n");
        Files.move(log, directory.resolve("app.log.2"));
        append(directory.resolve("app.log.1"), "4\n");
        append(log, "5\n");
        ReadLines lines = resume(mark);
        Files.move(log, directory.resolve("app.log.0"));
        append(log, "6\n");
        files.readAfter(Duration.ofSeconds(31));

        assertThat(lines.lines).containsExactly("3", "4", "5", "6");
        assertThat(files.files.drops().values()).containsOnly(0L);
    }

    @Test
    void ifItsFileIsGoneWhatCameAfterItIsRead() throws Exception {
        Path older = Files.move(log, directory.resolve("app.log.3"));
        awaitLaterTime(Files.getLastModifiedTime(older));
        append(log, "3\n");
        Bookmark mark = leave("1", "2", "3");
        FileTime written = Files.getLastModifiedTime(log);
        Files.delete(log);
        // Its inode may be given to the next file at once.
        awaitLaterTime(written);
        append(directory.resolve("app.log.1"), "4\n");
        append(log, "5\n");

        assertThat(resume(mark).lines).containsExactly("4", "5");
    }

    /** Files that are made within one step of the kernel's clock are of the same time. */
    private void awaitLaterTime(FileTime time) throws Exception {
        Path now = directory.resolve("now");
        do {
            Files.deleteIfExists(now);
            Files.createFile(now);
        } while (Files.getLastModifiedTime(now).compareTo(time) <= 0);
    }

    @Test
    void aFileThatWasTruncatedIsReadAnewAndThatIsCounted() throws Exception {
        Bookmark mark = leave("1", "2");
        Files.writeString(log, "3\n4\n5\n");

        assertThat(resume(mark).lines).containsExactly("3", "4", "5");
        assertThat(files.losses(Loss.TRUNCATED)).isEqualTo(1);
    }

    @Test
    void aLogWithoutAFileHasNoMark() throws Exception {
        Files.delete(log);
        FollowedLog followed = files.files.follow(new LogFileLocation.OnHost(log), Beginning.END, new ReadLines());
        files.read();

        assertThat(followed.mark()).isEmpty();
    }

    private static void append(Path file, String text) throws Exception {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
