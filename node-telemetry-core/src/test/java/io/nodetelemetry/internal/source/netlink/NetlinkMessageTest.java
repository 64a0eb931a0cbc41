package io.nodetelemetry.internal.source.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {
    private static final List<String> CAPTURED = List.of(
            "route/links-1.bin",
            "route/addresses-1.bin",
            "taskstats/family.bin",
            "taskstats/process.bin",
            "taskstats/exit-2.bin");

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    @Test
    void datagramIsSplitIntoItsMessages() throws IOException {
        List<NetlinkMessage> messages = Captured.messages("route/links-1.bin");

        assertThat(messages).extracting(NetlinkMessage::type).containsExactly(16, 16);
        assertThat(messages).extracting(NetlinkMessage::flags).containsOnly(NetlinkMessage.FLAG_MULTI);
        assertThat(messages).extracting(NetlinkMessage::sequence).containsOnly(1);
        assertThat(Captured.messages("route/links-3.bin"))
                .extracting(NetlinkMessage::type)
                .containsExactly(NetlinkMessage.DONE);
    }

    @Test
    void emptyDatagramHasNoMessages() throws IOException {
        assertThat(NetlinkMessage.split(bytes())).isEmpty();
    }

    @Test
    void messageThatSaysMoreThanIsThereIsMalformed() throws IOException {
        ByteBuffer datagram = Captured.datagram("taskstats/process.bin");
        datagram.limit(datagram.limit() - 1);

        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(() -> NetlinkMessage.split(datagram))
                .withMessage("malformed netlink message: length 596 at byte 0, 595 bytes are left");
    }

    @Test
    void messageOfNoLengthIsMalformed() {
        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(() -> NetlinkMessage.split(ByteBuffer.allocate(16)))
                .withMessage("malformed netlink message: length 0 at byte 0, 16 bytes are left");
    }

    @Test
    void errorWithoutANumberIsMalformedAndAnEndWithoutOneIsNot() throws IOException {
        NetlinkMessage error =
                NetlinkMessage.split(Captured.empty(NetlinkMessage.ERROR, 0, 1)).getFirst();
        NetlinkMessage done =
                NetlinkMessage.split(Captured.empty(NetlinkMessage.DONE, 0, 1)).getFirst();

        assertThatExceptionOfType(NetlinkException.Malformed.class).isThrownBy(error::errno);
        assertThat(done.errno()).isZero();
    }

    @Test
    void attributesAreWalkedInOrderWithTheirFlagsTakenOff() throws IOException {
        // u8 7, then a nested one (flag 0x8000) with a u16 0x0102 in it, then nothing more.
        NetlinkAttributes attributes = NetlinkAttributes.of(
                bytes(5, 0, 1, 0, 7, 0, 0, 0, /**/ 12, 0, 2, 0x80, /**/ 6, 0, 3, 0, 2, 1, 0, 0), 0);

        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type()).isEqualTo(1);
        assertThat(attributes.u8()).isEqualTo(7);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type()).isEqualTo(2);
        NetlinkAttributes nested = attributes.nested();
        assertThat(nested.next()).isTrue();
        assertThat(nested.u16()).isEqualTo(0x0102);
        assertThat(nested.next()).isFalse();
        assertThat(attributes.next()).isFalse();
        attributes.check();
    }

    @Test
    void valueThatIsTooShortReadsAsZeroAndIsToldAtTheEnd() {
        NetlinkAttributes attributes = NetlinkAttributes.of(bytes(5, 0, 1, 0, 7, 0, 0, 0, 4, 0, 2, 0), 0);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.u32()).isZero();
        assertThat(attributes.next()).isFalse();

        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(attributes::check)
                .withMessage("malformed netlink message: attribute 1 of 1 bytes at byte 4, expected 4");
    }

    @Test
    void faultWithinANestedAttributeIsToldByTheOuterOne() {
        NetlinkAttributes attributes = NetlinkAttributes.of(bytes(8, 0, 1, 0, 99, 0, 3, 0), 0);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.nested().next()).isFalse();

        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(attributes::check)
                .withMessage("malformed netlink message: attribute of length 99 at byte 4, 4 bytes are left");
    }

    @Test
    void anyBytesAreParsedOrMalformed() throws IOException {
        Random random = new Random(11);
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Captured.datagram(CAPTURED.get(i % CAPTURED.size())).array();
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                // Near the headers, where lengths and types are.
                bytes[random.nextInt(Math.min(bytes.length, 96))] = (byte) random.nextInt();
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            ByteBuffer datagram = ByteBuffer.wrap(bytes, 0, length).slice().order(ByteOrder.LITTLE_ENDIAN);
            try {
                for (NetlinkMessage message : NetlinkMessage.split(datagram)) {
                    RouteMessage.link(message);
                    RouteMessage.address(message);
                    TaskStatsMessage.parse(message);
                    GenericNetlink.familyId(message);
                    parsed++;
                }
            } catch (NetlinkException.Malformed e) {
                assertThat(e).hasMessageStartingWith("malformed netlink message: ");
            }
        }
        assertThat(parsed).isPositive();
    }
}
