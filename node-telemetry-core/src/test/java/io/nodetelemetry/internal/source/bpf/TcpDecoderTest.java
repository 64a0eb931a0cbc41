package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpListener;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class TcpDecoderTest {
    private static SocketAddress address(String literal, int port) {
        return SocketAddress.of(InetAddress.ofLiteral(literal), port);
    }

    @Test
    void destinationIsReadFromTheKernelsBytes() {
        ByteBuffer key = TcpDecoder.buffer(TcpDecoder.DESTINATION_SIZE);
        key.putLong(0, 2873).putInt(40, 4).putShort(44, (short) 40_000);
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 96, 0, 10};
        key.put(8, mapped);

        TcpDestination destination = TcpDecoder.destination(key);

        assertThat(destination.cgroup()).isEqualTo(new CgroupRef(4, 2873));
        assertThat(destination.address()).hasToString("10.96.0.10:40000");
    }

    @Test
    void whatIsEncodedIsDecoded() {
        TcpDestination destination =
                new TcpDestination(new CgroupRef(0, 1L << 40), address("fd00::1:2", 65_535), address("10.0.0.2", 80));
        TcpListener listener =
                new TcpListener(new CgroupRef(7, 12), address("::", 443), -5, TcpListener.Family.IPV6_ONLY);

        assertThat(TcpDecoder.destination(TcpDecoder.wrap(TcpDecoder.encode(destination))))
                .isEqualTo(destination);
        assertThat(TcpDecoder.listener(TcpDecoder.wrap(TcpDecoder.encode(listener))))
                .isEqualTo(listener);
        assertThat(TcpDecoder.cgroup(TcpDecoder.wrap(TcpDecoder.encode(destination.cgroup()))))
                .isEqualTo(destination.cgroup());
    }
}
