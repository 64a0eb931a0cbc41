package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpFlow;
import io.nodetelemetry.model.TcpTranslation;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests and answers of connection tracking: {@code linux/netfilter/nfnetlink_conntrack.h}. Numbers are big-endian. */
final class ConntrackMessage {
    /** {@code NFNL_SUBSYS_CTNETLINK} above {@code IPCTNL_MSG_CT_…}. */
    private static final int NEW = 0x100;

    private static final int GET = 0x101;
    private static final int GET_STATS = 0x105;

    /** {@code struct nfgenmsg}. */
    private static final int HEADER = 4;

    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_TUPLE_REPLY = 2;
    private static final int CTA_PROTOINFO = 4;
    private static final int CTA_TUPLE_IP = 1;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_IP_V4_SRC = 1;
    private static final int CTA_IP_V4_DST = 2;
    private static final int CTA_IP_V6_SRC = 3;
    private static final int CTA_IP_V6_DST = 4;
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTO_SRC_PORT = 2;
    private static final int CTA_PROTO_DST_PORT = 3;
    private static final int CTA_PROTOINFO_TCP = 1;
    private static final int CTA_PROTOINFO_TCP_STATE = 1;
    private static final int CTA_STATS_GLOBAL_ENTRIES = 1;

    private static final int IPPROTO_TCP = 6;

    /** {@code enum tcp_conntrack}, up to the last one of an open connection; and the one where both ends called. */
    private static final int TCP_CONNTRACK_ESTABLISHED = 3;

    private static final int TCP_CONNTRACK_SYN_SENT2 = 9;

    private ConntrackMessage() {}

    /** Everything that is tracked, of both families. */
    static NetlinkRequest entries() {
        return new NetlinkRequest("IPCTNL_MSG_CT_GET", GET).zeros(HEADER);
    }

    static NetlinkRequest statistics() {
        return new NetlinkRequest("IPCTNL_MSG_CT_GET_STATS", GET_STATS).zeros(HEADER);
    }

    /** How many connections of any protocol are tracked. */
    static long entryCount(NetlinkMessage message) throws NetlinkException.Malformed {
        NetlinkAttributes attributes = message.attributes(HEADER);
        long entries = 0;
        while (attributes.next()) {
            if (attributes.type() == CTA_STATS_GLOBAL_ENTRIES) {
                entries = bigEndian(attributes.struct(), Integer.BYTES);
            }
        }
        attributes.check();
        return entries;
    }

    /** Empty for what is not TCP, is over or ending, or reaches what was dialled. */
    static Optional<TcpTranslation> translation(NetlinkMessage message) throws NetlinkException.Malformed {
        if (message.type() != NEW) {
            return Optional.empty();
        }
        NetlinkAttributes attributes = message.attributes(HEADER);
        @Nullable TcpFlow original = null;
        @Nullable TcpFlow reply = null;
        boolean open = true;
        while (attributes.next()) {
            switch (attributes.type()) {
                case CTA_TUPLE_ORIG -> original = flow(attributes.nested());
                case CTA_TUPLE_REPLY -> reply = flow(attributes.nested());
                case CTA_PROTOINFO -> open = isOpen(attributes.nested());
                default -> {} // status, timeouts, counters, what helpers add
            }
        }
        attributes.check();
        if (original == null || reply == null || !open || original.destination().equals(reply.source())) {
            return Optional.empty();
        }
        return Optional.of(new TcpTranslation(original, reply.reversed()));
    }

    /** Null for what is not TCP. */
    private static @Nullable TcpFlow flow(NetlinkAttributes tuple) throws NetlinkException.Malformed {
        byte[] source = {};
        byte[] destination = {};
        int protocol = 0;
        int sourcePort = 0;
        int destinationPort = 0;
        while (tuple.next()) {
            NetlinkAttributes parts = tuple.nested();
            switch (tuple.type()) {
                case CTA_TUPLE_IP -> {
                    while (parts.next()) {
                        switch (parts.type()) {
                            case CTA_IP_V4_SRC, CTA_IP_V6_SRC -> source = parts.bytes();
                            case CTA_IP_V4_DST, CTA_IP_V6_DST -> destination = parts.bytes();
                            default -> {}
                        }
                    }
                }
                case CTA_TUPLE_PROTO -> {
                    while (parts.next()) {
                        switch (parts.type()) {
                            case CTA_PROTO_NUM -> protocol = parts.u8();
                            case CTA_PROTO_SRC_PORT -> sourcePort = (int) bigEndian(parts.struct(), Short.BYTES);
                            case CTA_PROTO_DST_PORT -> destinationPort = (int) bigEndian(parts.struct(), Short.BYTES);
                            default -> {} // of other protocols
                        }
                    }
                }
                default -> {} // zone
            }
        }
        return protocol == IPPROTO_TCP
                ? new TcpFlow(address(source, sourcePort), address(destination, destinationPort))
                : null;
    }

    private static long bigEndian(ByteBuffer value, int bytes) throws NetlinkException.Malformed {
        if (value.remaining() != bytes) {
            throw new NetlinkException.Malformed(
                    "number of " + value.remaining() + " bytes in a conntrack entry, expected " + bytes);
        }
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = (number << Byte.SIZE) | (value.get(i) & 0xff);
        }
        return number;
    }

    private static SocketAddress address(byte[] bytes, int port) throws NetlinkException.Malformed {
        try {
            return SocketAddress.of(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new NetlinkException.Malformed("address of " + bytes.length + " bytes in a conntrack entry");
        }
    }

    /** What has no state is taken for open. */
    private static boolean isOpen(NetlinkAttributes protocol) {
        int state = TCP_CONNTRACK_ESTABLISHED;
        while (protocol.next()) {
            if (protocol.type() == CTA_PROTOINFO_TCP) {
                NetlinkAttributes tcp = protocol.nested();
                while (tcp.next()) {
                    if (tcp.type() == CTA_PROTOINFO_TCP_STATE) {
                        state = tcp.u8();
                    }
                }
            }
        }
        return state <= TCP_CONNTRACK_ESTABLISHED || state == TCP_CONNTRACK_SYN_SENT2;
    }
}
