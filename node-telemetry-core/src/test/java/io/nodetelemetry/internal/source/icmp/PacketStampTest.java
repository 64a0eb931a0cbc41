package io.nodetelemetry.internal.source.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.icmp.PacketStamp.Moment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketStampTest {
    private static ByteBuffer captured(String file) throws IOException {
        return ByteBuffer.wrap(EchoTest.captured(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @CsvSource({
        "reply-ipv4,RECEIVED,0x0e657cfc",
        "reply-ipv6,RECEIVED,0x176cd918",
        "scheduled-ipv4,SCHEDULED,0x0e6523c0",
        "scheduled-ipv6,SCHEDULED,0x176c881d",
        "sent-ipv4,SENT,0x0e6532d0",
        "sent-ipv6,SENT,0x176c9718",
    })
    void capturedMessagesTellMomentAndTime(String file, Moment moment, String nanos) throws IOException {
        assertThat(PacketStamp.parse(captured(file + ".control.bin")))
                .isEqualTo(new PacketStamp(moment, OptionalLong.of(0x6b040e45L * 1_000_000_000L + Long.decode(nanos))));
    }

    @Test
    void packetFromBeforeTimestampsHasNone() {
        assertThat(PacketStamp.parse(ByteBuffer.allocate(0)))
                .isEqualTo(new PacketStamp(Moment.RECEIVED, OptionalLong.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "16,-1,0,false", // before 1970
        "16,9223372036854775807,0,false",
        "16,0,0,false", // no time
        "16,5,1000000000,false", // more nanoseconds than a second has
        "16,5,-1,false",
        "16,5,999999999,true",
    })
    void onlyTimesAreTimes(int at, long seconds, long nanos, boolean time) throws IOException {
        ByteBuffer control =
                captured("reply-ipv4.control.bin").putLong(at, seconds).putLong(at + 8, nanos);

        assertThat(PacketStamp.parse(control).unixNanos().isPresent()).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({
        "84,2", // an error of ICMP
        "84,0", "88,2", // acknowledged
        "88,-1", "64,24", // an extended error that is cut off
    })
    void otherErrorsAreOther(int at, int value) throws IOException {
        ByteBuffer control = captured("sent-ipv4.control.bin").put(at, (byte) value);

        assertThat(PacketStamp.parse(control).moment()).isEqualTo(Moment.OTHER);
    }

    @Test
    void unknownMessagesArePassedOver() throws IOException {
        ByteBuffer known = captured("sent-ipv6.control.bin");
        ByteBuffer control = ByteBuffer.allocate(24 + known.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        // 17 bytes take the room of 24.
        control.putLong(17).putInt(1).putInt(999).put(new byte[8]).put(known).flip();

        assertThat(PacketStamp.parse(control)).isEqualTo(PacketStamp.parse(known.rewind()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 15, 65, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32})
    void wrongLengthEndsTheReading(long length) throws IOException {
        ByteBuffer control = captured("reply-ipv4.control.bin").putLong(0, length);

        assertThat(PacketStamp.parse(control)).isEqualTo(new PacketStamp(Moment.RECEIVED, OptionalLong.empty()));
    }

    @Test
    void truncatedControlIsReadAsFarAsItGoes() throws IOException {
        byte[] whole = EchoTest.captured("sent-ipv4.control.bin");
        for (int length = 0; length < whole.length; length++) {
            PacketStamp stamp =
                    PacketStamp.parse(ByteBuffer.wrap(whole, 0, length).order(ByteOrder.LITTLE_ENDIAN));

            assertThat(stamp.unixNanos().isPresent()).isEqualTo(length >= 64);
            assertThat(stamp.moment()).isEqualTo(Moment.RECEIVED);
        }
    }

    @Test
    void anyBytesAreReadWithoutAFault() throws IOException {
        Random random = new Random(11);
        byte[] whole = EchoTest.captured("scheduled-ipv6.control.bin");
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            for (int damage = random.nextInt(12); damage > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            ByteBuffer control =
                    ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1)).order(ByteOrder.LITTLE_ENDIAN);

            assertThat(PacketStamp.parse(control).unixNanos().orElse(1)).isPositive();
        }
    }
}
