package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.PortRange;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpConnects;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpFlow;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListener.Family;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The structs of {@code tcp_rows.h} and its neighbours, between bytes and values. Buffers are in native order at position 0; offsets are
 * checked against the BTF of the object by a test.
 */
public final class TcpDecoder {
    static final int CONFIG_SIZE = 16 + 4 * TcpSettings.MAX_EPHEMERAL_RANGES;
    static final int DESTINATION_SIZE = 48;
    static final int TOTALS_SIZE = 128;
    static final int LISTENER_SIZE = 40;
    static final int LISTENER_STATE_SIZE = 32;
    static final int OPEN_TRAFFIC_SIZE = 32;
    static final int SOCKET_SIZE = 64;
    static final int SOCKET_STARTED_OFFSET = 48;
    static final int SOCKET_ROLE_OFFSET = 56;
    static final int ROLE_ACTIVE = 3;
    static final int ROLE_CLOSING = 4;
    static final int FLOW_SIZE = 40;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private TcpDecoder() {}

    /** {@code struct destination}. */
    public static TcpDestination destination(ByteBuffer key) {
        return new TcpDestination(
                new CgroupRef(key.getInt(40), key.getLong(0)),
                address(key, 8, key.getShort(44)),
                address(key, 24, key.getShort(46)));
    }

    /** {@code struct open_traffic}. */
    static TcpTraffic open(ByteBuffer value) {
        return new TcpTraffic(value.getLong(0), value.getLong(8), 0, 0, value.getLong(16), value.getLong(24));
    }

    /** {@code struct cgroup_ref}. */
    public static CgroupRef cgroup(ByteBuffer key) {
        return new CgroupRef(key.getInt(8), key.getLong(0));
    }

    /** {@code struct tcp_totals}. */
    public static TcpTotals totals(ByteBuffer value) {
        return new TcpTotals(
                new TcpConnects(
                        value.getLong(0),
                        value.getLong(8),
                        value.getLong(16),
                        value.getLong(24),
                        value.getLong(32),
                        value.getLong(40),
                        value.getLong(48),
                        value.getLong(56)),
                new TcpTraffic(
                        value.getLong(64),
                        value.getLong(72),
                        value.getLong(80),
                        value.getLong(88),
                        value.getLong(96),
                        value.getLong(104)),
                value.getLong(112),
                value.getLong(120));
    }

    /** {@code struct listener}. */
    public static TcpListener listener(ByteBuffer key) {
        return new TcpListener(
                new CgroupRef(key.getInt(24), key.getLong(0)),
                address(key, 8, key.getShort(32)),
                key.getInt(28),
                family(key.getShort(34), key.getInt(36)));
    }

    /** {@code struct listener_state}. */
    public static TcpListenerState listenerState(ByteBuffer value) {
        return new TcpListenerState(value.getLong(0), value.getLong(8), value.getLong(16), value.getInt(24));
    }

    /** {@code struct destination} as the key of a look-up. */
    static byte[] encode(TcpDestination destination) {
        return buffer(DESTINATION_SIZE)
                .putLong(0, destination.cgroup().id())
                .putLong(8, bigEndian(destination.address().high()))
                .putLong(16, bigEndian(destination.address().low()))
                .putLong(24, bigEndian(destination.actual().high()))
                .putLong(32, bigEndian(destination.actual().low()))
                .putInt(40, destination.cgroup().hierarchy())
                .putShort(44, (short) destination.address().port())
                .putShort(46, (short) destination.actual().port())
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
                .putShort(34, (short) (listener.family() == Family.IPV4 ? AF_INET : AF_INET6))
                .putInt(36, listener.family() == Family.IPV6_ONLY ? 1 : 0)
                .array();
    }

    /** {@code struct listening_at} as the key of a look-up. */
    static byte[] encodeListeningAt(TcpListener listener) {
        return buffer(24)
                .putLong(0, bigEndian(listener.address().high()))
                .putLong(8, bigEndian(listener.address().low()))
                .putInt(16, listener.netns())
                .putShort(20, (short) listener.address().port())
                .array();
    }

    /** {@code struct tcp_config}. */
    static byte[] config(TcpSettings settings, TcpHook hook) {
        byte[] bytes = new byte[CONFIG_SIZE];
        ByteBuffer config = wrap(bytes);
        config.putInt(settings.hostNetns())
                .putInt(hook == TcpHook.SOCK_OPS ? 0 : 1)
                .putInt(settings.maxDestinationsPerCgroup())
                .putInt(settings.ephemeral().size());
        for (PortRange range : settings.ephemeral()) {
            config.putShort((short) range.first()).putShort((short) range.last());
        }
        return bytes;
    }

    /** {@code struct cgroup_ref} as the key of a look-up. */
    static byte[] encode(CgroupRef cgroup) {
        return buffer(16).putLong(0, cgroup.id()).putInt(8, cgroup.hierarchy()).array();
    }

    /** {@code struct tcp_flow} as the key or value of a translation. */
    static byte[] encode(TcpFlow flow) {
        return buffer(FLOW_SIZE)
                .putLong(0, bigEndian(flow.source().high()))
                .putLong(8, bigEndian(flow.source().low()))
                .putLong(16, bigEndian(flow.destination().high()))
                .putLong(24, bigEndian(flow.destination().low()))
                .putShort(32, (short) flow.source().port())
                .putShort(34, (short) flow.destination().port())
                .array();
    }

    private static Family family(short family, int v6Only) {
        if (family != AF_INET6) {
            return Family.IPV4;
        }
        return v6Only == 0 ? Family.IPV6 : Family.IPV6_ONLY;
    }

    private static SocketAddress address(ByteBuffer key, int offset, short port) {
        return new SocketAddress(bigEndian(key.getLong(offset)), bigEndian(key.getLong(offset + 8)), port & 0xffff);
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
