package io.nodetelemetry.internal.source.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.IcmpSocket.Family;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EchoTest {
    private static final Path CAPTURED = Path.of("src/test/resources/icmp/veth");
    private static final Echo SECOND = new Echo(0x1234, 1, 0x1122334455667788L);

    static byte[] captured(String file) throws IOException {
        return Files.readAllBytes(CAPTURED.resolve(file));
    }

    private static byte[] reply(Family family) throws IOException {
        return captured(family == Family.IPV4 ? "reply-ipv4.bin" : "reply-ipv6.bin");
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void replyTellsWhatItAnswers(Family family) throws IOException {
        assertThat(Echo.ofReply(family, ByteBuffer.wrap(reply(family)))).contains(SECOND);
    }

    @ParameterizedTest
    @CsvSource({
        "IPV4,scheduled-ipv4.bin",
        "IPV4,sent-ipv4.bin",
        "IPV6,scheduled-ipv6.bin",
        "IPV6,sent-ipv6.bin",
    })
    void requestIsFoundAtTheEndOfItsFrame(Family family, String file) throws IOException {
        assertThat(Echo.ofRequest(family, ByteBuffer.wrap(captured(file)))).contains(SECOND);
    }

    @Test
    void requestIsWhatTheKernelWasSeenToSend() throws IOException {
        byte[] frame = captured("sent-ipv4.bin");

        byte[] message = SECOND.request(Family.IPV4).array();

        assertThat(message).hasSize(Echo.BYTES);
        assertThat(ByteBuffer.wrap(message)).isEqualTo(ByteBuffer.wrap(frame, frame.length - Echo.BYTES, Echo.BYTES));
    }

    @Test
    void checksumOfIcmpv6IsLeftToTheKernel() throws IOException {
        byte[] frame = captured("sent-ipv6.bin");
        // What was sent had no checksum when it came to the device, which was to compute it.
        ByteBuffer sent = ByteBuffer.wrap(frame).slice(frame.length - Echo.BYTES, Echo.BYTES);

        ByteBuffer message = SECOND.request(Family.IPV6);

        assertThat(message.getShort(2)).isZero();
        assertThat(message.slice(4, 60)).isEqualTo(sent.slice(4, 60));
        assertThat(message.getShort(0)).isEqualTo(sent.getShort(0));
    }

    @Test
    void largestNumbersSurvive() {
        Echo largest = new Echo(0xffff, 0xffff, -1);

        for (Family family : Family.values()) {
            assertThat(Echo.ofRequest(family, largest.request(family))).contains(largest);
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void truncatedPacketsAreNothing(Family family) throws IOException {
        byte[] reply = reply(family);
        for (int length = 0; length < reply.length; length++) {
            assertThat(Echo.ofReply(family, ByteBuffer.wrap(reply, 0, length))).isEmpty();
        }
        byte[] request = SECOND.request(family).array();
        for (int length = 0; length < request.length; length++) {
            assertThat(Echo.ofRequest(family, ByteBuffer.wrap(request, 0, length)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0x65", // no IPv4
        "0, 0x44", // a header of 16 bytes
        "0, 0x46", // a header of 24 bytes: the message would be shorter
        "0, 0x4f", // a header of 60 bytes
        "3, 0x53", // a total length that is shorter
        "3, 0x55", // and one that is longer than what there is
        "9, 17", // UDP
        "20, 8", // a request
        "20, 3", // unreachable
        "21, 1", // a reply of an unknown code
        "23, 0x76", // a wrong checksum
        "30, 0", // what the checksum does not fit
    })
    void otherIpv4PacketsAreNothing(int at, String value) throws IOException {
        byte[] packet = reply(Family.IPV4);
        packet[at] = (byte) (int) Integer.decode(value);

        assertThat(Echo.ofReply(Family.IPV4, ByteBuffer.wrap(packet))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 128", "0, 1", "1, 1"})
    void otherIcmpv6MessagesAreNothing(int at, int value) throws IOException {
        byte[] packet = reply(Family.IPV6);
        packet[at] = (byte) value;

        assertThat(Echo.ofReply(Family.IPV6, ByteBuffer.wrap(packet))).isEmpty();
    }

    @Test
    void headerOptionsArePassedOver() throws IOException {
        byte[] plain = reply(Family.IPV4);
        ByteBuffer packet = ByteBuffer.allocate(plain.length + 8);
        packet.put(plain, 0, 20).put(new byte[8]).put(plain, 20, 64).flip();
        packet.put(0, (byte) 0x47).putShort(2, (short) packet.remaining());

        assertThat(Echo.ofReply(Family.IPV4, packet)).contains(SECOND);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void anyBytesAreAReplyOrNothing(Family family) throws IOException {
        Random random = new Random(7);
        byte[] whole = reply(family);
        int replies = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? new byte[random.nextInt(200)] : whole.clone();
            for (int damage = random.nextInt(4); damage > 0 && bytes.length > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            ByteBuffer packet = ByteBuffer.wrap(bytes, 0, bytes.length - (bytes.length == 0 ? 0 : random.nextInt(2)));
            replies += Echo.ofReply(family, packet).isPresent() ? 1 : 0;
            Echo.ofRequest(family, packet)
                    .ifPresent(echo -> assertThat(echo.sequence()).isBetween(0, 0xffff));
            assertThat(packet.position()).isZero();
        }
        // Undamaged ones are among them, and others.
        assertThat(replies).isBetween(1_000, 19_000);
    }
}
