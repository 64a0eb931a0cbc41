package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The structs of {@code tcp_account.h}, between bytes and values. Buffers are in native order at position 0; offsets are
 * checked against the BTF of the object by a test.
 */
public final class TcpDecoder {
    static final int DESTINATION_SIZE = 32;
    static final int TOTALS_SIZE = 56;
    static final int LISTENER_SIZE = 40;
    static final int LISTENER_STATE_SIZE = 24;
    static final int SOCKET_SIZE = 56;
    static final int SOCKET_ROLE_OFFSET = 48;
    static final int ROLE_ACTIVE = 3;

    private static final int AF_INET6 = 10;
    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private TcpDecoder() {}

    /** {@code struct destination}. */
    public static TcpDestination destination(ByteBuffer key) {
        return new TcpDestination(new CgroupRef(key.getInt(24), key.getLong(0)), address(key, key.getShort(28)));
    }

    /** {@code struct cgroup_ref}. */
    public static CgroupRef cgroup(ByteBuffer key) {
        return new CgroupRef(key.getInt(8), key.getLong(0));
    }

    /** {@code struct tcp_totals}. */
    public static TcpTotals totals(ByteBuffer value) {
        return new TcpTotals(
                value.getLong(0),
                value.getLong(8),
                value.getLong(16),
                value.getLong(24),
                value.getLong(32),
                value.getLong(40),
                value.getLong(48));
    }

    /** {@code struct listener}. */
    public static TcpListener listener(ByteBuffer key) {
        return new TcpListener(
                new CgroupRef(key.getInt(24), key.getLong(0)),
                address(key, key.getShort(32)),
                key.getInt(28),
                key.getShort(34) == AF_INET6);
    }

    /** {@code struct listener_state}. */
    public static TcpListenerState listenerState(ByteBuffer value) {
        return new TcpListenerState(value.getLong(0), value.getLong(8), value.getInt(16));
    }

    /** {@code struct destination} as the key of a look-up. */
    static byte[] encode(TcpDestination destination) {
        return buffer(DESTINATION_SIZE)
                .putLong(0, destination.cgroup().id())
                .putLong(8, bigEndian(destination.address().high()))
                .putLong(16, bigEndian(destination.address().low()))
                .putInt(24, destination.cgroup().hierarchy())
                .putShort(28, (short) destination.address().port())
                .array();
    }

    /** {@code struct listener} as the key of a look-up. */
    static byte[] encode(TcpListener listener) {
        return buffer(LISTENER_SIZE)
                .putLong(0, listener.cgroup().id())
                .putLong(8, bigEndian(listener.address().high()))
                .putLong(16, bigEndian(listener.address().low()))
                .putInt(24, listener.cgroup().hierarchy())
                .putInt(28, listener.netns())
                .putShort(32, (short) listener.address().port())
                .putShort(34, (short) (listener.ipv6() ? AF_INET6 : 2))
                .array();
    }

    /** {@code struct cgroup_ref} as the key of a look-up. */
    static byte[] encode(CgroupRef cgroup) {
        return buffer(16).putLong(0, cgroup.id()).putInt(8, cgroup.hierarchy()).array();
    }

    private static SocketAddress address(ByteBuffer key, short port) {
        return new SocketAddress(bigEndian(key.getLong(8)), bigEndian(key.getLong(16)), port & 0xffff);
    }

    private static long bigEndian(long nativeOrder) {
        return SWAP ? Long.reverseBytes(nativeOrder) : nativeOrder;
    }

    static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
