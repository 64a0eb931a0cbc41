package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.NetlinkChannel;
import io.nodetelemetry.internal.source.NetworkNamespaceDoor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A subscription to new conntrack entries that nobody reads: a BPF program hears of each as it is made, and takes it off
 * the queue. The kernel loads {@code nf_conntrack_netlink} for it; where nothing is tracked there are no events. Needs
 * CAP_NET_ADMIN. One thread at a time may use it.
 */
public final class ConntrackEvents implements AutoCloseable {
    /** {@code NFNLGRP_CONNTRACK_NEW} of {@code linux/netfilter/nfnetlink.h}. */
    private static final int NEW_ENTRIES = 1;

    private final NetlinkChannel channel;
    private final Optional<String> otherNamespaces;

    private ConntrackEvents(NetlinkChannel channel, Optional<String> otherNamespaces) {
        this.channel = channel;
        this.otherNamespaces = otherNamespaces;
    }

    /**
     * Subscribes in the host's network namespace: that of PID 1, or our own where PID 1 may not be asked; and in those that
     * have an id there, see {@link NamespaceIds}.
     *
     * @param procRoot usually {@code /proc}
     * @param filter descriptor of the program, which is to return 0 for each message
     */
    public static ConntrackEvents open(Path procRoot, int filter) throws IOException {
        NetlinkChannel channel =
                NetworkNamespaceDoor.host(procRoot).open(() -> NetlinkChannel.open(NetlinkChannel.NETLINK_NETFILTER));
        try {
            // In this order, so that nothing comes that is not filtered.
            channel.attachFilter(filter);
            Optional<String> refused = listenToAllNamespaces(channel);
            channel.join(NEW_ENTRIES);
            return new ConntrackEvents(channel, refused);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static Optional<String> listenToAllNamespaces(NetlinkChannel channel) {
        try {
            channel.listenToAllNamespaces();
            return Optional.empty();
        } catch (ErrnoException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Why nothing is heard of other namespaces than the host's; empty if they are heard. */
    public Optional<String> otherNamespacesRefused() {
        return otherNamespaces;
    }

    /**
     * Whether the kernel had no memory for an event since this was last asked. That is all that a socket is told whose
     * messages are all filtered out.
     */
    public boolean lostSome() throws IOException {
        try {
            // Nothing is ever queued, so this returns at once.
            channel.receive(Duration.ZERO);
            return false;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOBUFS) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
