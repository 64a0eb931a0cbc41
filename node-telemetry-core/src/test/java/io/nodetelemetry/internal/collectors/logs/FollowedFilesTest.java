package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.HeldFiles;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.LogLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FollowedFilesTest {
    private static final ContainerKey WEB = new ContainerKey(ContainerRuntime.SYSTEMD, "/system.slice/web.service");
    private static final ContainerKey DOCKER = new ContainerKey(ContainerRuntime.DOCKER, "d".repeat(64));
    private static final Path DOCKER_LOG = Path.of("/data/containers/dd/dd-json.log");

    private long now;
    private final LogsState state = LogsState.of(
            new LogsCollector.Config(false, true, true, LogLevel.WARNING, 10, 100, 100, 100),
            () -> Instant.ofEpochSecond(1_000_000),
            () -> now);
    private final FakeTail tail = new FakeTail();
    private final FakeNewLogs newLogs = new FakeNewLogs();
    private final FollowedFiles files = new FollowedFiles(tail, state, path -> path, newLogs);

    private static LogPlan.Member member(ContainerKey key, boolean ended, Optional<ContainerLogFile> file) {
        return new LogPlan.Member(
                key,
                Optional.of(new ContainerId("/x")),
                new LogPlan.Begin(Beginning.START, Optional.empty()),
                ended,
                file);
    }

    private static WrittenLog written(String path, int pid) {
        return new WrittenLog(WEB, new LogFileLocation.InContainer(Path.of("/proc"), pid, 3, path), Beginning.START);
    }

    private void apply(boolean ended, WrittenLog... written) throws IOException {
        apply(new LogPlan(List.of(member(WEB, ended, Optional.empty())), List.of(written), Set.of()));
    }

    private void apply(LogPlan plan) throws IOException {
        state.ledger().apply(plan);
        files.apply(plan);
    }

    @Test
    void fileThatAServiceWritesToIsASourceOfItsOwn() throws IOException {
        apply(false, written("/var/log/web.log", 7));
        tail.write("web.log", "ERROR disk is full");
        tail.read();
        now = Duration.ofSeconds(1).toNanos();
        state.openLogs().look(0);
        state.openLogs().look(now);

        assertThat(state.ledger().tables().getFirst().labels(0).get(4)).isEqualTo("/var/log/web.log");
        assertThat(state.ledger().tables().getFirst().labels(0).get(1)).isEqualTo("error");
    }

    @Test
    void anotherProcessOfTheContainerTakesOver() throws IOException {
        apply(false, written("/var/log/web.log", 7));
        apply(false, written("/var/log/web.log", 8));

        assertThat(tail.logs).hasSize(1);
        assertThat(tail.logs.getFirst().seenBy).isEqualTo(8);
    }

    @Test
    void fileThatNobodyHasOpenIsReadForAWhileAndAgainWhenItIsOpened() throws IOException {
        apply(false, written("/var/log/web.log", 7));
        apply(false);
        tail.logs.getFirst().quiet = Duration.ofMinutes(9);
        files.leaveDone();
        assertThat(tail.logs.getFirst().closed).isFalse();
        tail.logs.getFirst().quiet = Duration.ofMinutes(10);
        files.leaveDone();
        assertThat(tail.logs.getFirst().closed).isTrue();

        apply(false, written("/var/log/web.log", 9));
        // There was no file when it was left, so all of it is new.
        assertThat(tail.log("web.log").at).isEqualTo(Beginning.START);
    }

    @Test
    void fileOfAnEndedServiceIsReadToItsEnd() throws IOException {
        apply(false, written("/var/log/web.log", 7));
        apply(true);
        tail.logs.getFirst().quiet = Duration.ofSeconds(10);
        tail.write("web.log", "one more");
        files.leaveDone();
        assertThat(tail.logs.getFirst().closed).isFalse();
        tail.read();
        files.leaveDone();
        assertThat(tail.logs.getFirst().closed).isTrue();
    }

    @Test
    void openFileIsReadHoweverQuietItIs() throws IOException {
        apply(false, written("/var/log/web.log", 7));
        tail.logs.getFirst().quiet = Duration.ofDays(1);
        files.leaveDone();
        assertThat(tail.logs.getFirst().closed).isFalse();
    }

    @Test
    void messageThatCannotBeCountedHarmsNoOther() throws IOException {
        // No sample can be made that short.
        LogsState broken = LogsState.of(
                new LogsCollector.Config(false, true, true, LogLevel.WARNING, 10, 100, -1, 100),
                () -> Instant.EPOCH,
                () -> now);
        FollowedFiles some = new FollowedFiles(tail, broken, path -> path, newLogs);
        LogPlan plan = new LogPlan(
                List.of(member(WEB, false, Optional.empty())), List.of(written("/var/log/web.log", 7)), Set.of());
        broken.ledger().apply(plan);
        some.apply(plan);
        tail.write("web.log", "ERROR one", "INFO two", "ERROR three");
        tail.read();
        broken.openLogs().look(0);
        broken.openLogs().look(Duration.ofSeconds(1).toNanos());

        assertThat(broken.drops().counts()).containsEntry("fault", 2L);
        assertThat(broken.ledger().tables().getFirst().size()).isEqualTo(1);
        assertThat(broken.ledger().tables().getFirst().labels(0).get(1)).isEqualTo("info");
    }

    @Test
    void filesBeyondTheirLimitAreCountedOnce() throws IOException {
        List<WrittenLog> many = new ArrayList<>();
        for (int i = 0; i < 66; i++) {
            many.add(written("/var/log/" + i + ".log", 7));
        }
        apply(false, many.toArray(WrittenLog[]::new));
        apply(false, many.toArray(WrittenLog[]::new));

        assertThat(tail.logs).hasSize(64);
        assertThat(state.drops().counts()).containsEntry("log_of_container", 2L);
    }

    @Test
    void filesBeyondTheirLimitThatAreClosedAreForgotten() throws IOException {
        for (int round = 0; round < 3; round++) {
            List<WrittenLog> many = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                many.add(written("/var/log/" + i + ".log", 7));
            }
            many.add(written("/var/log/of-round-" + round + ".log", 7));
            apply(false, many.toArray(WrittenLog[]::new));
            assertThat(files.refused()).isEqualTo(1);
        }
        assertThat(state.drops().counts()).containsEntry("log_of_container", 3L);
    }

    @Test
    void whereLogsWereLeftIsNotRememberedForEver() throws IOException {
        Optional<ContainerLogFile> output =
                Optional.of(new ContainerLogFile(DOCKER_LOG, ContainerLogFile.Format.DOCKER_JSON));
        for (int i = 0; i < FollowedFiles.MAX_LEFT + 10; i++) {
            String path = "/var/log/" + i + ".log";
            LogPlan plan = new LogPlan(
                    List.of(member(WEB, false, Optional.empty()), member(DOCKER, true, output)),
                    List.of(written(path, 7)),
                    Set.of());
            state.ledger().apply(plan);
            files.apply(plan);
            apply(new LogPlan(
                    List.of(member(WEB, false, Optional.empty()), member(DOCKER, true, output)), List.of(), Set.of()));
            tail.logs.forEach(log -> log.quiet = Duration.ofHours(1));
            files.leaveDone();
            tail.logs.clear();
        }
        assertThat(state.left()).hasSize(FollowedFiles.MAX_LEFT);
        assertThat(state.left()).containsKey(new FollowedFiles.Place(DOCKER, "stdout/stderr"));
    }

    @Test
    void newLogOfAContainerThatNobodyKnowsIsReadUntilItIsKnown() throws IOException {
        newLogs.logs.add(new NewDockerLog(DOCKER.id(), DOCKER_LOG, new HeldFiles(new HeldFiles.Room(100))));
        files.takeNew();
        assertThat(tail.log("dd-json.log").at).isEqualTo(Beginning.START);

        apply(new LogPlan(
                List.of(member(
                        DOCKER,
                        false,
                        Optional.of(new ContainerLogFile(DOCKER_LOG, ContainerLogFile.Format.DOCKER_JSON)))),
                List.of(),
                Set.of()));
        assertThat(tail.logs).hasSize(1);
        assertThat(tail.logs.getFirst().closed).isFalse();
    }

    @Test
    void newLogOfAContainerThatStaysUnknownIsLeft() throws IOException {
        newLogs.logs.add(new NewDockerLog(DOCKER.id(), DOCKER_LOG, new HeldFiles(new HeldFiles.Room(100))));
        files.takeNew();
        now = Duration.ofSeconds(61).toNanos();
        assertThat(state.ledger().forgetStrangers()).isTrue();
        files.containersChanged();
        assertThat(tail.logs.getFirst().closed).isTrue();
    }

    @Test
    void whereOneContainerHasItsLogOthersAreAwaited() throws IOException {
        apply(new LogPlan(
                List.of(member(
                        DOCKER,
                        false,
                        Optional.of(new ContainerLogFile(DOCKER_LOG, ContainerLogFile.Format.DOCKER_JSON)))),
                List.of(),
                Set.of()));
        assertThat(newLogs.listened).containsExactly(Path.of("/data/containers"));
        assertThat(newLogs.held).containsExactly(DOCKER_LOG);
    }
}
