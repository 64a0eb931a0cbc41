package io.nodetelemetry.internal.source.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Datagrams among the test resources. */
final class Captured {
    private static final Path FIXTURES = Path.of("src/test/resources/netlink");

    private Captured() {}

    static ByteBuffer datagram(String file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(FIXTURES.resolve(file))).order(ByteOrder.LITTLE_ENDIAN);
    }

    static List<NetlinkMessage> messages(String file) throws IOException {
        return NetlinkMessage.split(datagram(file));
    }

    /** A datagram of one message without payload. */
    static ByteBuffer empty(int type, int flags, int sequence) {
        return ByteBuffer.allocate(NetlinkMessage.HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(NetlinkMessage.HEADER)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .rewind();
    }

    /** A datagram of one message that bears an errno, which the kernel negates. */
    static ByteBuffer errno(int type, int sequence, int errno) {
        return ByteBuffer.allocate(NetlinkMessage.HEADER + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(empty(type, 0, sequence))
                .putInt(-errno)
                .putInt(0, NetlinkMessage.HEADER + Integer.BYTES)
                .rewind();
    }
}
