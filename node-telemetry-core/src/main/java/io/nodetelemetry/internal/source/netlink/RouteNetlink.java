package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.NetlinkChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Network interfaces and addresses of one network namespace, by rtnetlink(7). Needs no privilege. Requests wait for the
 * kernel's lock on network configuration, which others may hold for long: for a thread that may wait. One thread at a time
 * may use it; after a failure it is to be closed.
 */
public final class RouteNetlink implements AutoCloseable {
    private final NetlinkSocket socket;

    RouteNetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * For the host's network namespace: that of PID 1, or our own where PID 1 may not be asked.
     *
     * @param procRoot usually {@code /proc}
     */
    public static RouteNetlink openOnHost(Path procRoot) throws IOException {
        return new RouteNetlink(NetlinkSocket.openOnHost(NetlinkChannel.NETLINK_ROUTE, procRoot));
    }

    /** For the network namespace that a file such as {@code /proc/12/ns/net} stands for. */
    public static RouteNetlink openIn(Path namespace) throws IOException {
        return new RouteNetlink(NetlinkSocket.openIn(NetlinkChannel.NETLINK_ROUTE, namespace));
    }

    /** All interfaces, those that are down too. */
    public List<NetworkLink> links() throws IOException {
        return socket.dump(RouteMessage.links(), RouteMessage::link);
    }

    /** All addresses of all interfaces, IPv4 and IPv6. */
    public List<InterfaceAddress> addresses() throws IOException {
        return socket.dump(RouteMessage.addresses(), RouteMessage::address);
    }

    @Override
    public void close() {
        socket.close();
    }
}
