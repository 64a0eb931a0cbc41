package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.LogFileLocation.InContainer;
import io.nodetelemetry.internal.source.logfile.OpenFileLook.Identity;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WrittenLogsTest {
    private static final Path PROC = Path.of("/proc");
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final CgroupRef IN_A = new CgroupRef(0, 1);
    private static final CgroupRef IN_B = new CgroupRef(0, 2);
    private static final CgroupRef NOWHERE = new CgroupRef(0, 3);
    private static final ContainerKey KEY_A = new ContainerKey(ContainerRuntime.DOCKER, A);
    private static final ContainerKey KEY_B = new ContainerKey(ContainerRuntime.DOCKER, B);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ContainerRegistry registry =
            new ContainerRegistry(() -> now, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    private final WrittenLogs logs = new WrittenLogs(registry, PROC);

    @BeforeEach
    void containers() {
        // The younger one is listed first in no order that follows from names.
        registry.cgroupCreated(IN_B, new CgroupPath("/docker/" + B));
        now = now.plusSeconds(1);
        registry.cgroupCreated(IN_A, new CgroupPath("/docker/" + A));
    }

    private static SeenLog seen(CgroupRef cgroup, int pid, int fd, String path, long inode, Beginning at) {
        return new SeenLog(
                new OpenLogFile(cgroup, pid, fd, path, false, false), new Identity(8, inode, OptionalLong.empty()), at);
    }

    private static SeenLog seen(CgroupRef cgroup, int pid, int fd, String path, long inode) {
        return seen(cgroup, pid, fd, path, inode, Beginning.END);
    }

    private static WrittenLog log(ContainerKey key, int pid, int fd, String path) {
        return new WrittenLog(key, new InContainer(PROC, pid, fd, path), Beginning.END);
    }

    @Test
    void fileOfAContainerIsItsLog() {
        assertThat(logs.of(List.of(
                        seen(IN_A, 10, 3, "/var/log/a", 1),
                        seen(IN_A, 10, 4, "/var/log/b", 2, Beginning.START),
                        seen(NOWHERE, 11, 3, "/var/log/c", 3))))
                .containsExactlyInAnyOrder(
                        log(KEY_A, 10, 3, "/var/log/a"),
                        new WrittenLog(KEY_A, new InContainer(PROC, 10, 4, "/var/log/b"), Beginning.START));
    }

    @Test
    void fileOfSeveralProcessesIsOneLog() {
        assertThat(logs.of(List.of(
                        seen(IN_A, 12, 3, "/var/log/a", 1),
                        seen(IN_A, 10, 9, "/var/log/a", 1),
                        seen(IN_A, 10, 5, "/var/log/a", 1))))
                .containsExactly(log(KEY_A, 10, 5, "/var/log/a"));
        // One that was there is preferred to a lower number.
        assertThat(logs.of(List.of(seen(IN_A, 2, 3, "/var/log/a", 1), seen(IN_A, 10, 5, "/var/log/a", 1))))
                .containsExactly(log(KEY_A, 10, 5, "/var/log/a"));
        assertThat(logs.of(List.of(seen(IN_A, 12, 3, "/var/log/a", 1))))
                .containsExactly(log(KEY_A, 12, 3, "/var/log/a"));
    }

    @Test
    void fileOfSeveralContainersCountsForTheOneThatBeganFirst() {
        SeenLog ofA = seen(IN_A, 10, 3, "/var/log/a", 1);
        SeenLog ofB = seen(IN_B, 11, 3, "/var/log/shared/a", 1);

        assertThat(logs.of(List.of(ofA, ofB))).containsExactly(log(KEY_B, 11, 3, "/var/log/shared/a"));
        assertThat(logs.of(List.of(ofA))).containsExactly(log(KEY_A, 10, 3, "/var/log/a"));
    }

    @Test
    void whoCountsAFileGoesOnTo() {
        SeenLog ofA = seen(IN_A, 10, 3, "/var/log/a", 1);
        SeenLog ofB = seen(IN_B, 11, 3, "/var/log/a", 1);

        assertThat(logs.of(List.of(ofA))).containsExactly(log(KEY_A, 10, 3, "/var/log/a"));
        assertThat(logs.of(List.of(ofA, ofB))).containsExactly(log(KEY_A, 10, 3, "/var/log/a"));
        assertThat(logs.of(List.of(ofB, ofA))).containsExactly(log(KEY_A, 10, 3, "/var/log/a"));
    }

    @Test
    void sameFileOfTheImageInTwoContainersIsTwoFiles() {
        SeenLog ofA = seen(IN_A, 10, 3, "/var/log/a", 1);
        SeenLog ofB = seen(IN_B, 11, 3, "/var/log/a", 2);

        assertThat(logs.of(List.of(ofA, ofB)))
                .containsExactlyInAnyOrder(log(KEY_A, 10, 3, "/var/log/a"), log(KEY_B, 11, 3, "/var/log/a"));
    }

    @Test
    void renamedFileIsNoOtherLog() {
        logs.of(List.of(seen(IN_A, 10, 3, "/var/log/a", 1)));

        assertThat(logs.of(List.of(seen(IN_A, 10, 3, "/var/log/a.1", 1))))
                .containsExactly(log(KEY_A, 10, 3, "/var/log/a"));
        SeenLog old = seen(IN_A, 10, 3, "/var/log/a.1", 1);
        SeenLog fresh = seen(IN_A, 10, 4, "/var/log/a", 2);
        assertThat(logs.of(List.of(old, fresh))).containsExactly(log(KEY_A, 10, 4, "/var/log/a"));
        assertThat(logs.of(List.of(fresh, old))).containsExactly(log(KEY_A, 10, 4, "/var/log/a"));
        assertThat(logs.of(List.of(fresh))).containsExactly(log(KEY_A, 10, 4, "/var/log/a"));
    }

    @Test
    void anotherFileUnderTheSameNumberIsAnotherLog() {
        OpenLogFile first = new OpenLogFile(IN_A, 10, 3, "/var/log/monday", false, false);
        OpenLogFile second = new OpenLogFile(IN_A, 10, 3, "/var/log/tuesday", false, false);

        logs.of(List.of(new SeenLog(first, new Identity(8, 1, OptionalLong.of(5)), Beginning.END)));

        assertThat(logs.of(List.of(new SeenLog(second, new Identity(8, 1, OptionalLong.of(6)), Beginning.END))))
                .containsExactly(log(KEY_A, 10, 3, "/var/log/tuesday"));
    }

    @Test
    void containerThatIsKnownLaterGetsItsLogsThen() {
        List<SeenLog> seen = List.of(seen(NOWHERE, 10, 3, "/var/log/a", 1));
        assertThat(logs.of(seen)).isEmpty();
        assertThat(registry.unresolved()).containsExactly(NOWHERE);

        registry.cgroupCreated(NOWHERE, new CgroupPath("/docker/" + "c".repeat(64)));

        assertThat(logs.of(seen))
                .containsExactly(log(new ContainerKey(ContainerRuntime.DOCKER, "c".repeat(64)), 10, 3, "/var/log/a"));
    }

    @Test
    void whatDoesNotChangeIsTheSameList() {
        List<SeenLog> seen = List.of(seen(IN_A, 10, 3, "/var/log/a", 1));
        List<WrittenLog> first = logs.of(seen);

        assertThat(logs.of(List.copyOf(seen))).isSameAs(first);
        assertThat(logs.of(List.of(seen.getFirst(), seen(IN_A, 11, 3, "/var/log/a", 1))))
                .isSameAs(first);
        assertThat(logs.of(List.of())).isEmpty();
    }
}
