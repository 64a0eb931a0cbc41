package io.nodetelemetry.internal.source.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Requests and answers of rtnetlink(7): {@code linux/if_link.h}, {@code linux/if_addr.h}. */
final class RouteMessage {
    private static final int NEW_LINK = 16;
    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int GET_ADDRESS = 22;

    /** {@code struct ifinfomsg} and {@code struct ifaddrmsg}. */
    private static final int LINK_HEADER = 16;

    private static final int ADDRESS_HEADER = 8;

    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFLA_STATS64 = 23;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;

    private RouteMessage() {}

    static NetlinkRequest links() {
        return new NetlinkRequest("RTM_GETLINK", GET_LINK).zeros(LINK_HEADER);
    }

    static NetlinkRequest addresses() {
        return new NetlinkRequest("RTM_GETADDR", GET_ADDRESS).zeros(ADDRESS_HEADER);
    }

    /** Empty for a message of another kind. */
    static Optional<NetworkLink> link(NetlinkMessage message) throws NetlinkException.Malformed {
        if (message.type() != NEW_LINK) {
            return Optional.empty();
        }
        NetlinkAttributes attributes = message.attributes(LINK_HEADER);
        String name = "";
        Optional<OperationalState> state = Optional.empty();
        Optional<LinkCounters> counters = Optional.empty();
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.string();
                case IFLA_OPERSTATE -> state = Optional.of(OperationalState.of(attributes.u8()));
                case IFLA_STATS64 -> counters = Optional.of(counters(attributes.struct()));
                default -> {} // addresses, queues, what the driver adds
            }
        }
        attributes.check();
        if (name.isEmpty()) {
            throw new NetlinkException.Malformed("RTM_NEWLINK without a name");
        }
        return Optional.of(new NetworkLink(message.payload().getInt(4), name, state, counters));
    }

    /** The first four of {@code struct rtnl_link_stats64}, which newer kernels make longer. */
    private static LinkCounters counters(ByteBuffer struct) throws NetlinkException.Malformed {
        if (struct.remaining() < 4 * Long.BYTES) {
            throw new NetlinkException.Malformed("IFLA_STATS64 of " + struct.remaining() + " bytes");
        }
        return new LinkCounters(struct.getLong(0), struct.getLong(8), struct.getLong(16), struct.getLong(24));
    }

    /** Empty for a message of another kind, and for an address that is neither IPv4 nor IPv6. */
    static Optional<InterfaceAddress> address(NetlinkMessage message) throws NetlinkException.Malformed {
        if (message.type() != NEW_ADDRESS) {
            return Optional.empty();
        }
        NetlinkAttributes attributes = message.attributes(ADDRESS_HEADER);
        byte[] address = {};
        byte[] local = {};
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFA_ADDRESS -> address = attributes.bytes();
                case IFA_LOCAL -> local = attributes.bytes();
                default -> {} // label, broadcast address, lifetimes
            }
        }
        attributes.check();
        // Where there is an other end, IFA_ADDRESS is that; IPv6 has no IFA_LOCAL otherwise.
        byte[] own = local.length == 0 ? address : local;
        if (own.length != 4 && own.length != 16) {
            return Optional.empty();
        }
        ByteBuffer header = message.payload();
        return Optional.of(
                new InterfaceAddress(header.getInt(4), inetAddress(own), header.get(1) & 0xff, header.get(3) & 0xff));
    }

    private static InetAddress inetAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }
}
