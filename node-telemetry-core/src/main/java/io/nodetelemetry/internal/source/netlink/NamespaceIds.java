package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.Libc;
import io.nodetelemetry.internal.ffm.NetlinkChannel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Numbers by which the host's network namespace knows others ({@code ip netns list-id}). The kernel gives one to the other
 * end of each veth pair; a namespace that has none is heard by no socket that listens to all. A number keeps no namespace
 * alive and goes with it. Needs CAP_NET_ADMIN. One thread at a time may use it; after a failure it is to be closed.
 */
public final class NamespaceIds implements AutoCloseable {
    /** {@code RTM_NEWNSID} of {@code linux/rtnetlink.h}. */
    private static final int NEW_ID = 88;

    /** {@code linux/net_namespace.h}. */
    private static final int NETNSA_NSID = 1;

    private static final int NETNSA_FD = 3;
    private static final int KERNEL_CHOOSES = -1;

    /** {@code struct rtgenmsg}, padded. */
    private static final int HEADER = 4;

    private final NetlinkSocket socket;

    NamespaceIds(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * For the host's network namespace: that of PID 1, or our own where PID 1 may not be asked.
     *
     * @param procRoot usually {@code /proc}
     */
    public static NamespaceIds openOnHost(Path procRoot) throws IOException {
        return new NamespaceIds(NetlinkSocket.openOnHost(NetlinkChannel.NETLINK_ROUTE, procRoot));
    }

    /**
     * Sees to it that a namespace has a number.
     *
     * @param namespace a file that stands for it, such as {@code /proc/12/ns/net}
     * @return whether it had none
     * @throws IOException if the file cannot be opened or the kernel refuses
     */
    public boolean give(Path namespace) throws IOException {
        try (Fd file = Libc.open(namespace, Libc.O_RDONLY)) {
            socket.command(request(file.number()));
            return true;
        } catch (NetlinkException.Refused e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    static NetlinkRequest request(int namespace) {
        return new NetlinkRequest("RTM_NEWNSID", NEW_ID)
                .zeros(HEADER)
                .attribute(NETNSA_NSID, KERNEL_CHOOSES)
                .attribute(NETNSA_FD, namespace);
    }

    @Override
    public void close() {
        socket.close();
    }
}
