package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.UnitProperties;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SystemdClientTest {
    private static final String JOB = "/system.slice/it-job.service";
    private static final Optional<ContainerMetadata> BY_TIMER =
            Optional.of(ContainerMetadata.EMPTY.withUnit(new UnitProperties("exec", "it-job.timer")));
    private static final List<String> LIKE_SYSTEMD = List.of("DATA\r\n", "OK 0123\r\n");

    @TempDir
    Path directory;

    private Path socket;
    private long nanos;
    private SystemdClient client;

    @BeforeEach
    void client() {
        socket = directory.resolve("bus");
        client = client(Duration.ofSeconds(20), socket);
    }

    private SystemdClient client(Duration timeout, Path... sockets) {
        return new SystemdClient(List.of(sockets), false, timeout, () -> nanos);
    }

    private SystemdClient hasty() {
        return client(Duration.ofMillis(300), socket);
    }

    @Test
    void servesUnitsAlone() {
        assertThat(ContainerRuntime.values()).filteredOn(client::serves).containsExactly(ContainerRuntime.SYSTEMD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bus-exec-by-timer", "private-exec-by-timer"})
    void typeAndTriggersAreRead(String captured) throws IOException {
        try (FakeBus bus = FakeBus.sending(socket, CapturedDBus.bytes(captured))) {
            assertThat(client.inspect(JOB)).isEqualTo(BY_TIMER);
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void callsAreSentAtOnceAfterTheGreeting() throws IOException {
        try (FakeBus bus = FakeBus.sending(socket, CapturedDBus.bytes("bus-exec-by-timer"))) {
            assertThat(client.inspect(JOB)).isEqualTo(BY_TIMER);
            String said = bus.conversations().getFirst();
            assertThat(said).startsWith("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\nl");
            byte[] calls = said.substring(said.indexOf("BEGIN\r\n") + 7).getBytes(StandardCharsets.ISO_8859_1);
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            String path = "/org/freedesktop/systemd1/unit/it_2djob_2eservice";
            expected.writeBytes(DBusCall.HELLO.encode(1));
            expected.writeBytes(
                    DBusCall.get("org.freedesktop.systemd1", path, "org.freedesktop.systemd1.Service", "Type")
                            .encode(2));
            expected.writeBytes(
                    DBusCall.get("org.freedesktop.systemd1", path, "org.freedesktop.systemd1.Unit", "TriggeredBy")
                            .encode(3));
            assertThat(calls).isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void peerThatTakesUsWithoutMoreAdoIsFine() throws IOException {
        byte[] answers = CapturedDBus.bytes("private-exec-by-timer");
        try (FakeBus bus = new FakeBus(socket, List.of("OK 0123\r\n"), channel -> FakeBus.write(channel, answers))) {
            assertThat(client.inspect(JOB)).isEqualTo(BY_TIMER);
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void answerInPiecesIsPutTogether() throws IOException {
        byte[] answers = CapturedDBus.bytes("bus-exec-by-timer");
        byte[][] single = new byte[answers.length][];
        for (int i = 0; i < answers.length; i++) {
            single[i] = new byte[] {answers[i]};
        }
        try (FakeBus bus = FakeBus.sending(socket, single)) {
            assertThat(client.inspect(JOB)).isEqualTo(BY_TIMER);
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void severalTriggersAreSeparatedByBlanks() throws IOException {
        try (FakeBus bus = FakeBus.sending(
                socket,
                DBusSample.reply(false, 3, "v", DBusSample.variantOf(false, "a.timer", "b.socket")),
                DBusSample.reply(false, 2, "v", DBusSample.variantOf("notify")))) {
            assertThat(client.inspect(JOB))
                    .contains(ContainerMetadata.EMPTY.withUnit(new UnitProperties("notify", "a.timer b.socket")));
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bus-mount", "bus-not-found", "bus-invalid-name"})
    void unitOfWhichNothingIsToldHasNeither(String captured) throws IOException {
        try (FakeBus bus = FakeBus.sending(socket, CapturedDBus.bytes(captured))) {
            assertThat(client.inspect(JOB)).contains(ContainerMetadata.EMPTY.withUnit(new UnitProperties("", "")));
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void valuesOfOtherTypesAreNone() throws IOException {
        try (FakeBus bus = FakeBus.sending(
                socket,
                DBusSample.reply(false, 2, "u", new byte[] {1, 0, 0, 0}),
                DBusSample.reply(false, 3, "v", new byte[] {1, 'b', 0, 0, 1, 0, 0, 0}))) {
            assertThat(client.inspect(JOB)).contains(ContainerMetadata.EMPTY.withUnit(new UnitProperties("", "")));
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void deniedIsAnErrorWithTheBusesWords() throws IOException {
        try (FakeBus bus = FakeBus.sending(socket, CapturedDBus.bytes("bus-access-denied"))) {
            assertThatThrownBy(() -> client.inspect(JOB))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            socket + ": org.freedesktop.DBus.Error.AccessDenied: Rejected send message");
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void rejectedAuthenticationSaysTheRemedy() throws IOException {
        try (FakeBus bus = new FakeBus(socket, List.of("REJECTED EXTERNAL\r\n"), channel -> {})) {
            assertThatThrownBy(() -> client.inspect(JOB))
                    .isInstanceOf(IOException.class)
                    .hasMessage(socket + ": the D-Bus socket refuses us: run as root, in the host's user namespace");
            assertThat(bus.conversations()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 400 Bad Request, no D-Bus: it answered 'HTTP/1.1 400 Bad Request'",
        "OKAY, no D-Bus: it answered 'OKAY'",
        "'\u0001\u0002', no D-Bus: it answered '??'",
    })
    void otherServerIsAnError(String line, String message) throws IOException {
        try (FakeBus bus = new FakeBus(socket, List.of(line + "\r\n"), channel -> {})) {
            assertThatThrownBy(() -> client.inspect(JOB))
                    .isInstanceOf(IOException.class)
                    .hasMessage(socket + ": " + message);
            assertThat(bus.conversations()).isEmpty();
        }
    }

    @Test
    void endlessLineIsAnError() throws IOException {
        try (FakeBus bus = new FakeBus(socket, List.of("x".repeat(100_000)), channel -> {})) {
            assertThatThrownBy(() -> client.inspect(JOB))
                    .isInstanceOf(IOException.class)
                    .hasMessage(socket + ": no D-Bus: a line of more than 4096 characters");
            assertThat(bus.conversations()).isEmpty();
        }
    }

    @Test
    void connectionThatEndsMidwayIsAnErrorWhereverItEnds() throws IOException {
        byte[] answers = CapturedDBus.bytes("bus-exec-by-timer");
        for (int length = 0; length < answers.length; length += 7) {
            byte[] cut = Arrays.copyOf(answers, length);
            try (FakeBus bus = FakeBus.sending(socket, cut)) {
                SystemdClient fresh = client(Duration.ofSeconds(20), socket);
                assertThatThrownBy(() -> fresh.inspect(JOB))
                        .isInstanceOf(IOException.class)
                        .hasMessage(socket + ": the D-Bus socket was closed before the answer was complete");
                assertThat(bus.conversations()).hasSize(1);
            }
        }
    }

    @Test
    void garbageAndHugeMessagesAreErrors() throws IOException {
        for (byte[] garbage :
                List.of("what do you mean, sir?".getBytes(StandardCharsets.US_ASCII), new byte[64], new byte[] {
                    'l', 2, 0, 1, 0, 0, 0, 0x40, 1, 0, 0, 0, 0, 0, 0, 0
                })) {
            try (FakeBus bus = FakeBus.sending(socket, garbage)) {
                SystemdClient fresh = client(Duration.ofSeconds(20), socket);
                assertThatThrownBy(() -> fresh.inspect(JOB)).hasCauseInstanceOf(DBusFormatException.class);
                assertThat(bus.conversations()).hasSize(1);
            }
        }
    }

    @Test
    void repliesToCallsThatNobodyMadeAreNotWaitedThroughForEver() throws IOException {
        byte[][] foreign = new byte[300][];
        Arrays.fill(foreign, DBusSample.error(77, "org.freedesktop.DBus.Error.Failed"));
        try (FakeBus bus = FakeBus.sending(socket, foreign)) {
            assertThatThrownBy(() -> client.inspect(JOB))
                    .isInstanceOf(IOException.class)
                    .hasMessage(socket + ": 256 messages and not all replies among them");
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void peerThatHangsIsGivenUpAtAnyStage() throws Exception {
        for (List<String> lines : List.of(List.of(""), List.of("DATA\r\n", ""), LIKE_SYSTEMD)) {
            FakeBus[] self = new FakeBus[1];
            try (FakeBus bus = new FakeBus(socket, lines, channel -> self[0].hang())) {
                self[0] = bus;
                long start = System.nanoTime();
                assertThatThrownBy(() -> hasty().inspect(JOB))
                        .isInstanceOf(IOException.class)
                        .hasMessage(socket + ": no complete answer within 300 ms");
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(60));
            }
        }
    }

    @Test
    void machineWithoutSystemdKnowsNoUnitAndDoesNotMindIt() throws IOException {
        assertThat(client.inspect(JOB)).isEmpty();
    }

    @Test
    void socketThatWasAskedForMustBeThere() {
        SystemdClient told = new SystemdClient(Optional.of(socket), List.of(), Duration.ofSeconds(1), System::nanoTime);
        assertThatThrownBy(() -> told.inspect(JOB))
                .isInstanceOf(IOException.class)
                .hasMessage("no socket at " + socket);
    }

    @Test
    void sliceIsNotAskedFor() throws IOException {
        try (FakeBus bus = FakeBus.sending(socket, CapturedDBus.bytes("bus-exec-by-timer"))) {
            assertThat(client.inspect("/system.slice/system-getty.slice")).isEmpty();
            assertThat(bus.conversations()).isEmpty();
        }
    }

    @Test
    void socketThatRefusesIsFollowedByTheNextWhichIsThenTriedFirst() throws IOException {
        Path closing = directory.resolve("private");
        byte[] answers = CapturedDBus.bytes("bus-exec-by-timer");
        try (FakeBus refusing = FakeBus.sending(closing);
                FakeBus bus = FakeBus.sending(socket, answers)) {
            SystemdClient both = client(Duration.ofSeconds(20), closing, socket);
            assertThat(both.inspect(JOB)).isEqualTo(BY_TIMER);
            assertThat(both.inspect(JOB)).isEqualTo(BY_TIMER);
            assertThat(refusing.conversations()).hasSize(1);
            assertThat(bus.conversations()).hasSize(2);
        }
    }

    @Test
    void socketThatFailedIsLeftAloneForAWhile() throws IOException {
        try (FakeBus bus = FakeBus.sending(socket)) {
            assertThatThrownBy(() -> client.inspect(JOB)).isInstanceOf(IOException.class);
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> client.inspect(JOB)).hasMessageContaining("was closed before");
            }
            assertThat(bus.conversations()).hasSize(1);
        }
        try (FakeBus bus = FakeBus.sending(socket, CapturedDBus.bytes("bus-exec-by-timer"))) {
            nanos += SystemdClient.PAUSE.toNanos();
            assertThat(client.inspect(JOB)).isEqualTo(BY_TIMER);
            assertThat(bus.conversations()).hasSize(1);
        }
    }

    @Test
    void versionIsSystemdsOwn() throws IOException {
        try (FakeBus bus = FakeBus.sending(socket, DBusSample.reply(false, 2, "v", DBusSample.variantOf("252.38-1")))) {
            assertThat(client.version()).contains(socket + ", systemd 252.38-1");
            assertThat(bus.conversations()).hasSize(1);
        }
        assertThat(client.version()).isEmpty();
    }

    @Test
    void failuresLeaveNoFileDescriptorBehind() throws IOException {
        try (FakeBus bus = FakeBus.sending(socket)) {
            long before = 0;
            for (int i = 0; i < 50; i++) {
                nanos += SystemdClient.PAUSE.toNanos();
                assertThatThrownBy(() -> client.inspect(JOB)).isInstanceOf(IOException.class);
                before = i == 0 ? descriptors() : before;
            }
            assertThat(descriptors()).isLessThanOrEqualTo(before + 5);
            assertThat(bus.conversations()).hasSize(50);
        }
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }
}
