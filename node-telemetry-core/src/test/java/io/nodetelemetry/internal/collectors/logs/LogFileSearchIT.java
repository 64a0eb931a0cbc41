package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.internal.source.bpf.LogFileProbe;
import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.OpenFileLook;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestCgroup;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes in a cgroup and mount namespaces of their own, looked at in both ways. */
@RequiresKernel
final class LogFileSearchIT {
    private static final Path PROC = Path.of("/proc");
    private static final String PRIVATE = "unshare --mount sh -c 'mount -t tmpfs private /var/log || exit 1; ";
    private static final String STAY = "; echo open; read end'";

    private final TestCgroup cgroup = TestCgroup.create("logsearch");
    private final List<OpenLogLook> looks = List.of(
            new BpfLogLook(LogFileProbe.open(Libbpf.load())),
            new ProcfsLogLook(PROC, CgroupTree.open(Path.of("/sys/fs/cgroup"), PROC)));
    private LogFileSearch search = searchSince(Instant.EPOCH);

    LogFileSearchIT() throws Exception {}

    private static LogFileSearch searchSince(Instant since) {
        return new LogFileSearch(new OpenFileLook(PROC), since, false);
    }

    @AfterEach
    void release() {
        looks.forEach(OpenLogLook::close);
        search.close();
        cgroup.close();
    }

    private List<SeenLog> ours(OpenLogLook look) throws IOException {
        List<OpenLogFile> ofCgroup = look.find().stream()
                .filter(file -> file.cgroup().equals(cgroupRef()))
                .toList();
        return search.choose(ofCgroup);
    }

    private CgroupRef cgroupRef() {
        try {
            return cgroup.ref();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Check {
        void of(Process process, OpenLogLook look) throws Exception;
    }

    private void inBothWays(String command, Check check) throws Exception {
        for (OpenLogLook look : looks) {
            during(command, look, check);
        }
    }

    private void during(String command, OpenLogLook look, Check check) throws Exception {
        Process process = cgroup.start(command);
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("open");
            check.of(process, look);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void fileOfTheContainerIsFoundAndNotTheHostsOfThatName() throws Exception {
        Path hosts =
                Path.of("/var/log/nodetelemetry-it-" + ProcessHandle.current().pid() + ".log");
        try (OutputStream _ = Files.newOutputStream(hosts)) {
            inBothWays(PRIVATE + "exec 3>>" + hosts + STAY, (process, look) -> {
                SeenLog log = ours(look).getFirst();
                assertThat(ours(look)).containsExactly(log);
                assertThat(log.file().path()).isEqualTo(hosts.toString());
                assertThat(log.file().pid()).isEqualTo(process.pid());
                assertThat(log.file().fd()).isEqualTo(3);
                Path its = PROC.resolve(process.pid() + "/root" + hosts);
                assertThat(log.identity().inode())
                        .isEqualTo(Files.getAttribute(its, "unix:ino"))
                        .isNotEqualTo(Files.getAttribute(hosts, "unix:ino"));
            });
        } finally {
            Files.delete(hosts);
        }
    }

    @Test
    void fileThatWasOpenedBeforeTheNamespaceWasMadeIsFoundByItsPath() throws Exception {
        // As a service manager does: opens the log, and only then makes a mount namespace for the service.
        during(
                PRIVATE + "(exec 3>>/var/log/a.log; exec unshare --mount sh -c \"echo open; read end\"); :'",
                looks.getFirst(),
                (process, look) -> assertThat(ours(look)).singleElement().satisfies(log -> {
                    assertThat(log.file().path()).isEqualTo("/var/log/a.log");
                    assertThat(log.file().openedElsewhere()).isTrue();
                }));
        assertThat(search.drops()).containsEntry("outside_root_directory", 0L);
    }

    @Test
    void fileOfManyProcessesOfAContainerIsOneLog() throws Exception {
        during(
                PRIVATE + "exec 3>>/var/log/a.log 4>>/var/log/a.log 5<&0; (read end <&5) & (read end <&5) &"
                        + STAY.substring(1),
                looks.getFirst(),
                (process, look) -> assertThat(ours(look)).hasSize(1));
    }

    @Test
    void fileThatThePathDoesNotLeadToIsLeftOutAndCountedOnce() throws Exception {
        during(
                PRIVATE + "exec 3>>/var/log/a.log; unshare --mount sh -c \"mount -t tmpfs private /var/log; "
                        + "echo x >/var/log/a.log; echo open; read end\"'",
                looks.getFirst(),
                (process, look) -> {
                    assertThat(ours(look)).extracting(log -> log.file().pid()).containsExactly((int) process.pid());
                    assertThat(ours(look)).hasSize(1);
                    assertThat(search.drops()).containsEntry("outside_root_directory", 1L);
                });
    }

    @Test
    void remoteFileIsNotTouched() throws Exception {
        inBothWays(PRIVATE + "exec 3>>/var/log/a.log" + STAY, (process, look) -> {
            OpenLogFile file = ours(look).getFirst().file();
            OpenLogFile remote = new OpenLogFile(file.cgroup(), file.pid(), file.fd(), file.path(), false, true);
            long before = search.drops().getOrDefault("remote_file_system", -1L);

            assertThat(search.choose(List.of(remote, remote))).isEmpty();
            assertThat(search.choose(List.of(remote))).isEmpty();

            assertThat(search.drops()).containsEntry("remote_file_system", before + 1);
        });
    }

    @Test
    void copiesOfThoseWhoRotateAreNoLogsAndARenamedLogIsOne() throws Exception {
        String rename = "; echo open; read next; mv log log.1; : >log; echo renamed; read end'";
        inBothWays(
                PRIVATE + "cd /var/log; : >copied; exec 3>>copied.1 4>>packed.gz 5>>alone.1 6>>log" + rename,
                (process, look) -> {
                    assertThat(paths(look)).containsExactlyInAnyOrder("/var/log/alone.1", "/var/log/log");

                    process.getOutputStream().write('\n');
                    process.getOutputStream().flush();
                    assertThat(process.inputReader().readLine()).isEqualTo("renamed");
                    assertThat(paths(look)).containsExactlyInAnyOrder("/var/log/alone.1", "/var/log/log.1");

                    search.choose(List.of());
                    assertThat(paths(look)).containsExactly("/var/log/alone.1");
                });
    }

    private List<String> paths(OpenLogLook look) throws IOException {
        return ours(look).stream().map(log -> log.file().path()).toList();
    }

    @Test
    void youngFileIsReadFromItsStart() throws Exception {
        Path before =
                Path.of("/var/log/nodetelemetry-it-" + ProcessHandle.current().pid() + ".old");
        Files.writeString(before, "old\n");
        Thread.sleep(20);
        search.close();
        search = searchSince(Instant.now());
        Thread.sleep(20);
        Path after = Files.writeString(before.resolveSibling(before.getFileName() + ".new"), "new\n");
        try {
            inBothWays(
                    "sh -c 'exec 3>>" + before + " 4>>" + after + STAY,
                    (process, look) -> assertThat(ours(look))
                            .extracting(log -> Map.entry(log.file().fd(), log.at()))
                            .containsExactlyInAnyOrder(Map.entry(3, Beginning.END), Map.entry(4, Beginning.START)));
        } finally {
            Files.delete(before);
            Files.delete(after);
        }
    }
}
