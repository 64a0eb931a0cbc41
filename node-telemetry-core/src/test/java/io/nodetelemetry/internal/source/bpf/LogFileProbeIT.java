package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes in a cgroup and mount namespaces of their own, with a {@code /var/log} that nobody else sees. */
@RequiresKernel
final class LogFileProbeIT {
    /** A /var/log of the process's own, in which what follows happens before it says so. */
    private static final String PRIVATE = "unshare --mount sh -c 'mount -t tmpfs private /var/log || exit 1; ";

    private static final String STAY = "; echo open; read end'";

    private final TestCgroup cgroup = TestCgroup.create("logfiles");
    private final LogFileProbe probe = LogFileProbe.open(Libbpf.load());

    LogFileProbeIT() throws Exception {}

    @BeforeEach
    void nothingIsOpen() throws IOException {
        assertThat(ours()).isEmpty();
    }

    @AfterEach
    void release() {
        probe.close();
        cgroup.close();
    }

    private List<OpenLogFile> ours() throws IOException {
        return probe.find().stream()
                .filter(log -> {
                    try {
                        return log.cgroup().equals(cgroup.ref());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    /** What is found while the command runs, which says a line when all is open and ends with its input. */
    private List<OpenLogFile> during(String command) throws Exception {
        Process process = cgroup.start(command);
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("open");
            return ours();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private List<String> paths(String commands) throws Exception {
        return during(PRIVATE + commands + STAY).stream()
                .map(OpenLogFile::path)
                .sorted()
                .toList();
    }

    @Test
    void logIsToldWithItsProcessAndPath() throws Exception {
        Process process = cgroup.start(PRIVATE + "mkdir /var/log/app; exec 7>>/var/log/app/a.log" + STAY);
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("open");

            OpenLogFile log = ours().getFirst();

            assertThat(ours()).containsExactly(log);
            assertThat(log.path()).isEqualTo("/var/log/app/a.log");
            assertThat(log.pid()).isEqualTo(process.pid());
            assertThat(log.fd()).isEqualTo(7);
            assertThat(log.openedElsewhere()).isFalse();
            assertThat(log.remote()).isFalse();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(ours()).isEmpty();
    }

    @Test
    void readersDatabasesAndFilesWithoutANameAreLeftOut() throws Exception {
        assertThat(paths("exec 3<>/var/log/database 4>/var/log/truncated 5>>/var/log/appended 6</var/log/appended; "
                        + "exec 7>>/var/log/deleted; rm /var/log/deleted"))
                .containsExactly("/var/log/appended", "/var/log/truncated");
    }

    @Test
    void directoriesThatAreReadOtherwiseAreLeftOutAndTheirLikesAreNot() throws Exception {
        assertThat(paths("cd /var/log; mkdir pods containers journal pods2 containers-old journalist d; "
                        + "exec 3>>pods/x 4>>containers/x 5>>journal/x 6>>pods2/x 7>>containers-old/x 8>>journalist/x; "
                        + "exec 9>>d/pods"))
                .containsExactly(
                        "/var/log/containers-old/x", "/var/log/d/pods", "/var/log/journalist/x", "/var/log/pods2/x");
        assertThat(paths("cd /var/log; exec 3>>pods 4>>containers"))
                .containsExactly("/var/log/containers", "/var/log/pods");
    }

    @Test
    void onlyWhatBeginsWithTheDirectoryIsALog() throws Exception {
        assertThat(paths(
                        "mkdir -p /var/log/srv/var/log /var/log/x; mount -t tmpfs private /mnt; mkdir -p /mnt/var/log; "
                                + "exec 3>>/mnt/var/log/no 4>>/var/log/srv/var/log/yes 5>>/mnt/log"))
                .containsExactly("/var/log/srv/var/log/yes");
    }

    @Test
    void renamedIsCalledAsItIsNow() throws Exception {
        assertThat(paths("exec 3>>/var/log/a.log; mv /var/log/a.log /var/log/a.log.1; exec 4>>/var/log/a.log"))
                .containsExactly("/var/log/a.log", "/var/log/a.log.1");
    }

    @Test
    void bindMountIsCalledAsTheProcessCallsIt() throws Exception {
        assertThat(paths("mount -t tmpfs private /mnt; mkdir /mnt/logs /var/log/shared; "
                        + "mount --bind /mnt/logs /var/log/shared; exec 3>>/var/log/shared/a.log"))
                .containsExactly("/var/log/shared/a.log");
    }

    @Test
    void longNamesAndDeepDirectoriesAreWhole() throws Exception {
        String name = "n".repeat(255);
        String deep = "d/".repeat(40);

        assertThat(paths("mkdir -p /var/log/" + deep + "; exec 3>>/var/log/" + deep + name))
                .containsExactly("/var/log/" + deep + name);
        assertThat(paths("mkdir -p /var/log/" + deep + deep + "; exec 3>>/var/log/" + deep + deep + name))
                .isEmpty();
    }

    @Test
    void rootDirectoryOfTheProcessIsWhereItsPathsBegin(@TempDir Path root) throws Exception {
        Files.createDirectories(root.resolve("var/log"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("sh"), StandardCopyOption.COPY_ATTRIBUTES);

        List<OpenLogFile> found = during("chroot " + root + " /sh -c 'exec 3>>/var/log/in-root.log" + STAY);

        assertThat(found).extracting(OpenLogFile::path).containsExactly("/var/log/in-root.log");
        assertThat(found).extracting(OpenLogFile::openedElsewhere).containsExactly(false);
    }

    @Test
    void fileOfAnotherMountNamespaceSaysSo() throws Exception {
        List<OpenLogFile> found =
                during(PRIVATE + "exec 3>>/var/log/a.log; unshare --mount sh -c \"echo open; read end\"'");

        assertThat(found).extracting(OpenLogFile::path).hasSize(2).containsOnly("/var/log/a.log");
        assertThat(found).extracting(OpenLogFile::openedElsewhere).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void processInNoContainerIsToldToo() throws Exception {
        Path log =
                Path.of("/var/log/nodetelemetry-it-" + ProcessHandle.current().pid() + ".log");
        try (OutputStream _ = Files.newOutputStream(log)) {
            assertThat(probe.find()).anySatisfy(found -> {
                assertThat(found.path()).isEqualTo(log.toString());
                assertThat(found.pid()).isEqualTo(ProcessHandle.current().pid());
            });
        } finally {
            Files.delete(log);
        }
    }

    @Test
    void howeverManyOneHasOpenAndWhereverOthersAreTold() throws Exception {
        // 1 200 paths of 3 900 letters.
        String deep = "/var/log/" + ("d".repeat(240) + "/").repeat(15);
        String opens = "ulimit -n 2048; mkdir -p " + deep + "; for i in {10..1209}; do eval \"exec $i>>" + deep
                + "n".repeat(60) + "$i\"; done";
        Path log = Path.of(
                "/var/log/nodetelemetry-it-many-" + ProcessHandle.current().pid() + ".log");
        try (OutputStream _ = Files.newOutputStream(log)) {
            List<OpenLogFile> found =
                    during("unshare --mount bash -c 'mount -t tmpfs private /var/log || exit 1; " + opens + STAY);

            assertThat(found).hasSizeBetween(50, 100);
            // Others on this machine may have as many.
            assertThat(probe.drops().getOrDefault("open_file", 0L)).isGreaterThanOrEqualTo(1_200L - found.size());
            assertThat(probe.find()).extracting(OpenLogFile::path).contains(log.toString());
        } finally {
            Files.delete(log);
        }
    }

    @Test
    void manyAreToldAll() throws Exception {
        String opens =
                "ulimit -n 1024; for i in {10..899}; do eval \"exec $i>>/var/log/" + "n".repeat(200) + "$i\"; done";

        assertThat(during("unshare --mount bash -c 'mount -t tmpfs private /var/log || exit 1; " + opens + STAY))
                .extracting(OpenLogFile::path)
                .doesNotHaveDuplicates()
                .hasSize(890);
    }
}
