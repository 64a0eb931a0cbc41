package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.runtime.DBusMessage.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DBusMessageTest {
    private static List<DBusMessage> parsed(String name) throws IOException {
        List<DBusMessage> messages = new ArrayList<>();
        for (byte[] message : CapturedDBus.messages(name)) {
            messages.add(DBusMessage.parse(message));
        }
        return messages;
    }

    @Test
    void repliesOfABusAreReadAndItsSignalsAreOther() throws IOException {
        assertThat(parsed("bus-exec-by-timer"))
                .containsExactly(
                        new DBusMessage(Kind.REPLY, 1, "", List.of(":1.7")),
                        new DBusMessage(Kind.OTHER, 0, "", List.of()),
                        new DBusMessage(Kind.REPLY, 2, "", List.of("exec")),
                        new DBusMessage(Kind.REPLY, 3, "", List.of("it-job.timer")));
    }

    @Test
    void repliesOfSystemdItselfAreRead() throws IOException {
        assertThat(parsed("private-exec-by-timer"))
                .containsExactly(
                        new DBusMessage(
                                Kind.ERROR,
                                1,
                                "org.freedesktop.DBus.Error.UnknownObject",
                                List.of("Unknown object '/org/freedesktop/DBus'.")),
                        new DBusMessage(Kind.REPLY, 2, "", List.of("exec")),
                        new DBusMessage(Kind.REPLY, 3, "", List.of("it-job.timer")));
    }

    @Test
    void errorHasItsNameAndItsWords() throws IOException {
        assertThat(parsed("bus-mount"))
                .contains(new DBusMessage(
                        Kind.ERROR,
                        2,
                        "org.freedesktop.DBus.Error.UnknownProperty",
                        List.of("Unknown interface org.freedesktop.systemd1.Service or property Type.")))
                .contains(new DBusMessage(Kind.REPLY, 3, "", List.of()));
    }

    @Test
    void emptyStringAndEmptyArrayDiffer() throws IOException {
        assertThat(parsed("bus-not-found"))
                .contains(
                        new DBusMessage(Kind.REPLY, 2, "", List.of("")), new DBusMessage(Kind.REPLY, 3, "", List.of()));
    }

    @Test
    void arrayOfSeveralIsReadInEitherByteOrder() throws DBusFormatException {
        for (boolean big : new boolean[] {false, true}) {
            byte[] message = DBusSample.reply(big, 7, "v", DBusSample.variantOf(big, "b.timer", "a.socket"));
            assertThat(DBusMessage.parse(message))
                    .isEqualTo(new DBusMessage(Kind.REPLY, 7, "", List.of("b.timer", "a.socket")));
        }
    }

    @Test
    void bodyOfAnotherTypeHasNoStrings() throws DBusFormatException {
        assertThat(DBusMessage.parse(DBusSample.reply(false, 7, "u", new byte[] {1, 0, 0, 0})))
                .isEqualTo(new DBusMessage(Kind.REPLY, 7, "", List.of()));
        assertThat(DBusMessage.parse(DBusSample.reply(false, 7, "v", new byte[] {1, 'v', 0, 1, 's', 0})))
                .isEqualTo(new DBusMessage(Kind.REPLY, 7, "", List.of()));
    }

    @Test
    void everyCutIsRefused() throws IOException {
        for (String name : CapturedDBus.NAMES) {
            for (byte[] message : CapturedDBus.messages(name)) {
                for (int length = 0; length < message.length; length++) {
                    byte[] cut = Arrays.copyOf(message, length);
                    assertThatThrownBy(() -> DBusMessage.parse(cut))
                            .isInstanceOf(DBusFormatException.class)
                            .hasMessage("the message is cut off");
                }
            }
        }
    }

    @Test
    void bodyShorterThanItsStringIsRefused() {
        for (byte[] body : List.of(
                new byte[] {1, 's', 0, 0, 9, 0, 0, 0, 'a', 0},
                new byte[] {1, 's', 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 'a', 0},
                new byte[] {1, 's', 0, 0, 1, 0, 0, 0, 'a', 1},
                new byte[] {2, 'a', 's', 0, 7, 0, 0, 0, 1, 0, 0, 0, 'a', 0, 0, 0},
                new byte[] {2, 'a', 's', 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f},
                new byte[] {9})) {
            assertThatThrownBy(() -> DBusMessage.parse(DBusSample.reply(false, 7, "v", body)))
                    .isInstanceOf(DBusFormatException.class);
        }
    }

    @Test
    void hugeMessageIsRefusedByItsHeader() {
        byte[] header = {'l', 2, 0, 1, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0};
        assertThatThrownBy(() -> DBusMessage.length(header))
                .isInstanceOf(DBusFormatException.class)
                .hasMessage("a message of 67108880 bytes, more than 262144");
        Arrays.fill(header, 4, 16, (byte) 0xff);
        assertThatThrownBy(() -> DBusMessage.length(header))
                .isInstanceOf(DBusFormatException.class)
                .hasMessageContaining("more than 262144");
    }

    @Test
    void otherProtocolIsRefused() {
        assertThatThrownBy(() -> DBusMessage.length("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(DBusFormatException.class)
                .hasMessage("neither byte order: 72");
        assertThatThrownBy(() -> DBusMessage.length(new byte[] {'l', 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
                .isInstanceOf(DBusFormatException.class)
                .hasMessage("not version 1 of the protocol: 2");
    }

    @Test
    void anyBytesAreParsedOrRefused() throws IOException {
        Random random = new Random(42);
        List<byte[]> seeds = new ArrayList<>();
        for (String name : CapturedDBus.NAMES) {
            seeds.addAll(CapturedDBus.messages(name));
        }
        for (int i = 0; i < 50_000; i++) {
            byte[] message = seeds.get(random.nextInt(seeds.size())).clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> {
                        try {
                            DBusMessage.parse(message);
                        } catch (DBusFormatException refused) {
                            assertThat(refused).hasMessageMatching("(?s).+");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }
}
