package io.nodetelemetry.internal.source.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpFlow;
import io.nodetelemetry.model.TcpTranslation;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConntrackTableTest {
    private static final TcpTranslation FIRST = translation("10.91.0.2", 41_001, "10.96.0.10", "10.92.0.2");

    private static SocketAddress address(String host, int port) {
        return SocketAddress.of(InetAddress.ofLiteral(host), port);
    }

    private static TcpTranslation translation(String client, int port, String service, String backend) {
        SocketAddress source = address(client, port);
        return new TcpTranslation(
                new TcpFlow(source, address(service, 80)), new TcpFlow(source, address(backend, 8_080)));
    }

    private static List<TcpTranslation> translations(ScriptedKernel kernel) throws IOException {
        List<TcpTranslation> found = new ArrayList<>();
        new ConntrackTable(kernel.socket()).translations(found::add);
        return found;
    }

    @Test
    void openConnectionsThatReachAnotherAddressAreTranslated() throws IOException {
        // Left out: those that are over, UDP, those that are what they dialled, and those whose source alone is
        // changed.
        assertThat(translations(new ScriptedKernel().answers("conntrack/entries-1.bin", "conntrack/entries-2.bin")))
                .containsExactlyInAnyOrder(
                        FIRST,
                        translation("10.91.0.2", 41_002, "10.96.0.10", "10.93.0.2"),
                        translation("fd01::2", 41_001, "fd96::10", "fd02::2"),
                        translation("fd01::2", 41_002, "fd96::10", "fd03::2"));
    }

    @Test
    void entriesAreCounted() throws IOException {
        ScriptedKernel kernel = new ScriptedKernel().answers("conntrack/statistics.bin");

        assertThat(new ConntrackTable(kernel.socket()).entries()).isEqualTo(12);
        assertThat(kernel.requests).extracting(NetlinkMessage::type).containsExactly(0x105);
    }

    @Test
    void emptyTableHasNone() throws IOException {
        assertThat(translations(new ScriptedKernel().answers("conntrack/entries-2.bin")))
                .isEmpty();
    }

    @Test
    void kernelWithoutConntrackRefuses() {
        ScriptedKernel kernel = new ScriptedKernel().answers(Captured.errno(NetlinkMessage.ERROR, 1, 22));

        assertThatExceptionOfType(NetlinkException.Refused.class)
                .isThrownBy(() -> translations(kernel))
                .withMessage("IPCTNL_MSG_CT_GET: EINVAL");
    }

    @Test
    void droppedMessagesFailTheDump() throws IOException {
        ScriptedKernel kernel =
                new ScriptedKernel().answers("conntrack/entries-1.bin").overflows();

        assertThatExceptionOfType(NetlinkException.Overflow.class).isThrownBy(() -> translations(kernel));
    }

    @Test
    void whatIsLongerThanAnyListIsHandedOnPieceByPiece() throws IOException {
        ByteBuffer[] many = Collections.nCopies(11_000, Captured.datagram("conntrack/entries-1.bin"))
                .toArray(ByteBuffer[]::new);

        // 132 000 entries, where a list would end at 131 072.
        assertThat(translations(new ScriptedKernel().answers(many).answers("conntrack/entries-2.bin")))
                .hasSize(44_000);
    }

    private static NetlinkMessage message(ByteBuffer payload) {
        return new NetlinkMessage(0x100, 0, 1, payload.order(ByteOrder.LITTLE_ENDIAN));
    }

    /** The entry of {@link #FIRST}. */
    private static byte[] entry() throws IOException {
        ByteBuffer payload = Captured.messages("conntrack/entries-1.bin").get(7).payload();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return bytes;
    }

    @Test
    void entryIsReadWhole() throws IOException {
        assertThat(ConntrackMessage.translation(message(ByteBuffer.wrap(entry()))))
                .contains(FIRST);
    }

    @Test
    void sameAddressAtAnotherPortIsATranslation() throws IOException {
        byte[] entry = entry();
        // The answer's source address, as it was dialled; its port stays.
        System.arraycopy(new byte[] {10, 96, 0, 10}, 0, entry, 4 + 52 + 4 + 4 + 4, 4);

        assertThat(ConntrackMessage.translation(message(ByteBuffer.wrap(entry))))
                .map(translation -> translation.onward().destination())
                .contains(address("10.96.0.10", 8_080));
    }

    @Test
    void messagesOfOtherKindsAreLeftOut() throws IOException {
        NetlinkMessage other = new NetlinkMessage(0x102, 0, 1, ByteBuffer.wrap(entry()));

        assertThat(ConntrackMessage.translation(other)).isEmpty();
    }

    @Test
    void cutEntriesAreMalformedOrHaveNoTranslation() throws IOException {
        byte[] entry = entry();
        for (int length = 0; length < 4 + 52 + 52; length++) {
            ByteBuffer cut = ByteBuffer.wrap(entry, 0, length).slice();
            try {
                assertThat(ConntrackMessage.translation(message(cut))).isEmpty();
            } catch (NetlinkException.Malformed e) {
                assertThat(e).hasMessageStartingWith("malformed netlink message: ");
            }
        }
    }

    @Test
    void addressThatIsNeitherOfTheTwoFamiliesIsMalformed() throws IOException {
        byte[] entry = entry();
        // CTA_IP_V4_SRC of 3 bytes and one of padding
        entry[4 + 4 + 4] = 7;

        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(() -> ConntrackMessage.translation(message(ByteBuffer.wrap(entry))))
                .withMessageEndingWith("address of 3 bytes in a conntrack entry");
    }

    @Test
    void damagedEntriesAreReadOrMalformed() throws IOException {
        Random random = new Random(11);
        byte[] whole = entry();
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            for (int damage = random.nextInt(12); damage >= 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            NetlinkMessage message = message(
                    ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1)).slice());
            try {
                Optional<TcpTranslation> found = ConntrackMessage.translation(message);
                read += found.isPresent() ? 1 : 0;
                assertThat(ConntrackMessage.entryCount(message)).isNotNegative();
            } catch (NetlinkException.Malformed expected) {
                assertThat(expected).hasMessageStartingWith("malformed netlink message: ");
            }
        }
        assertThat(read).isPositive();
    }
}
