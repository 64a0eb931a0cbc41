package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.procfs.LogDescriptors.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made-up procfs with one process. */
final class LogDescriptorsTest {
    private static final int PID = 42;
    private static final int MANY = 1_000;
    private static final String WRITE = "0100001";
    private static final String APPEND = "0102002";
    private static final String READ_AND_WRITE = "0100002";
    private static final String READ = "0100000";

    @TempDir
    private Path proc = Path.of("");

    private Path process = Path.of("");

    @BeforeEach
    void process() throws IOException {
        process = proc.resolve(Integer.toString(PID));
        Files.createDirectories(process.resolve("fd"));
        Files.createDirectories(process.resolve("fdinfo"));
        root("/");
        Files.writeString(process.resolve("mountinfo"), """
                27 1 8:1 / / rw - ext4 /dev/sda1 rw
                28 27 0:30 / /var/log/nfs rw - nfs4 server:/ rw
                29 27 8:2 / /var/log/ntfs rw - fuseblk /dev/sda2 rw
                30 27 0:31 / /var/log/tmp rw - tmpfs tmpfs rw
                """);
    }

    private void root(String directory) throws IOException {
        Files.deleteIfExists(process.resolve("root"));
        Files.createSymbolicLink(process.resolve("root"), Path.of(directory));
    }

    private void open(int fd, String target, String flags, int mount) throws IOException {
        Files.createSymbolicLink(process.resolve("fd/" + fd), Path.of(target));
        Files.writeString(
                process.resolve("fdinfo/" + fd), "pos:\t0\nflags:\t" + flags + "\nmnt_id:\t" + mount + "\nino:\t7\n");
    }

    private LogDescriptors look() {
        return LogDescriptors.of(proc, PID, MANY);
    }

    @Test
    void logsAreWrittenAlongOrAppendedTo() throws IOException {
        open(3, "/var/log/written", WRITE, 27);
        open(4, "/var/log/deep/er/appended", APPEND, 27);
        open(5, "/var/log/database", READ_AND_WRITE, 27);
        open(6, "/var/log/written", READ, 27);
        open(7, "socket:[1234]", APPEND, 9);

        assertThat(look().logs())
                .containsExactlyInAnyOrder(
                        new Log(3, "/var/log/written", false), new Log(4, "/var/log/deep/er/appended", false));
        assertThat(look().looked()).isEqualTo(5);
    }

    @Test
    void whatIsReadOtherwiseDeletedOrElsewhereIsNone() throws IOException {
        String[] none = {
            "/var/log/pods/a/0.log",
            "/var/log/containers/a.log",
            "/var/log/journal/a",
            "/var/log/gone (deleted)",
            "/srv/var/log/a",
            "/var/logs"
        };
        for (int i = 0; i < none.length; i++) {
            open(i, none[i], WRITE, 27);
        }
        open(20, "/var/log/pods", WRITE, 27);

        assertThat(look().logs()).containsExactly(new Log(20, "/var/log/pods", false));
    }

    @Test
    void pathBeginsAtTheRootDirectoryOfTheProcess() throws IOException {
        root("/srv");
        open(3, "/srv/var/log/a", WRITE, 27);
        open(4, "/srv2/var/log/b", WRITE, 27);

        assertThat(look().logs()).containsExactly(new Log(3, "/var/log/a", false));
    }

    @Test
    void fileSystemsThatAskOthersAreRemoteAndThoseThatAreNotKnown() throws IOException {
        open(3, "/var/log/nfs/a", WRITE, 28);
        open(4, "/var/log/ntfs/a", WRITE, 29);
        open(5, "/var/log/tmp/a", WRITE, 30);
        open(6, "/var/log/elsewhere", WRITE, 31);
        open(7, "/var/log/hosts", WRITE, 32);
        Files.createDirectories(proc.resolve("1"));
        Files.writeString(proc.resolve("1/mountinfo"), "32 1 8:1 / / rw - ext4 /dev/sda1 rw\n");

        assertThat(look().logs())
                .containsExactlyInAnyOrder(
                        new Log(3, "/var/log/nfs/a", true),
                        new Log(4, "/var/log/ntfs/a", true),
                        new Log(5, "/var/log/tmp/a", false),
                        new Log(6, "/var/log/elsewhere", true),
                        new Log(7, "/var/log/hosts", false));
    }

    @Test
    void noMoreFilesAreLookedAtThanAllowed() throws IOException {
        for (int fd = 0; fd < 10; fd++) {
            open(fd, "/var/log/" + fd, WRITE, 27);
        }
        assertThat(LogDescriptors.of(proc, PID, 4).logs()).hasSize(4);
        assertThat(LogDescriptors.of(proc, PID, 0)).isEqualTo(LogDescriptors.of(proc, PID + 1, MANY));
    }

    @Test
    void fileThatIsClosedMeanwhileIsNone() throws IOException {
        open(3, "/var/log/a", WRITE, 27);
        open(4, "/var/log/b", WRITE, 27);
        Files.delete(process.resolve("fdinfo/3"));

        assertThat(look().logs()).containsExactly(new Log(4, "/var/log/b", false));
    }
}
