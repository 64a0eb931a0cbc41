package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.NetlinkChannel;
import io.nodetelemetry.model.TcpTranslation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The connections that one network namespace tracks (conntrack). Needs CAP_NET_ADMIN; the kernel loads
 * {@code nf_conntrack_netlink} when it is asked. A dump of a large table takes its time: for a thread that may wait. One
 * thread at a time may use it; after a failure it is to be closed.
 */
public final class ConntrackTable implements AutoCloseable {
    private final NetlinkSocket socket;

    ConntrackTable(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Of the host's network namespace: that of PID 1, or our own where PID 1 may not be asked.
     *
     * @param procRoot usually {@code /proc}
     */
    public static ConntrackTable openOnHost(Path procRoot) throws IOException {
        return new ConntrackTable(NetlinkSocket.openOnHost(NetlinkChannel.NETLINK_NETFILTER, procRoot));
    }

    /** Of the network namespace that a file such as {@code /proc/12/ns/net} stands for. */
    public static ConntrackTable openIn(Path namespace) throws IOException {
        return new ConntrackTable(NetlinkSocket.openIn(NetlinkChannel.NETLINK_NETFILTER, namespace));
    }

    /**
     * How many connections of any protocol are tracked there: quick to tell, whatever other namespaces track.
     *
     * @throws NetlinkException.Refused where the kernel has no connection tracking
     */
    public long entries() throws IOException {
        return socket.ask(ConntrackMessage.statistics(), ConntrackMessage::entryCount);
    }

    /**
     * The TCP connections that are open or begin and reach another address or port than was dialled. The kernel is not
     * asked to choose: it could by its mark of DNAT, which IPVS does not set.
     *
     * @param consumer on the calling thread; may be given one twice
     */
    public void translations(Consumer<TcpTranslation> consumer) throws IOException {
        socket.dump(ConntrackMessage.entries(), ConntrackMessage::translation, consumer);
    }

    @Override
    public void close() {
        socket.close();
    }
}
