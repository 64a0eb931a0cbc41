package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** TCP as it is counted somewhere below; {@link TcpProbe} is the kernel's. For one thread. */
public interface TcpCounters extends BpfProbe {
    /** The hook in use. */
    TcpHook hook();

    /** Why the better hooks are not in use, one sentence each. */
    List<String> whyNotBetter();

    /** Reads all rows of (cgroup, destination). */
    void readDestinations(BiConsumer<TcpDestination, TcpTotals> consumer) throws IOException;

    /** Reads, by cgroup, what found no room among the destinations. */
    void readOverflow(BiConsumer<CgroupRef, TcpTotals> consumer) throws IOException;

    /**
     * Reads what the connections have carried so far that are open now, and their smoothed round-trip times, summed by
     * row. To be added to the rows that were read before it: a connection that closes in between is in neither, never in
     * both. Costs a walk over all sockets that are followed.
     */
    void readOpen(BiConsumer<TcpDestination, TcpTraffic> rows, BiConsumer<CgroupRef, TcpTraffic> overflow)
            throws IOException;

    /** Reads all listeners, those closed lately included. */
    void readListeners(BiConsumer<TcpListener, TcpListenerState> consumer) throws IOException;

    /** Removes a row and returns what it held; empty if it is gone already. */
    Optional<TcpTotals> remove(TcpDestination destination) throws IOException;

    /** Removes what a cgroup had beyond its rows. */
    Optional<TcpTotals> removeOverflow(CgroupRef cgroup) throws IOException;

    /** Forgets a listener, unless somebody listens there again by now. */
    void remove(TcpListener listener) throws IOException;

    /**
     * Finds connections whose end was missed because the kernel skipped a tracing program, and stops following them.
     * Costs a walk over all open files, so it is made only when the kernel counted such a skip since the last call.
     *
     * @return the destination of each; its active count stays one too high in the kernel, for the caller to correct
     */
    List<TcpDestination> sweepMissedCloses() throws IOException;

    /** Why translations (DNAT) are not known of all connections, and what to do about it; empty if they are. */
    default Optional<String> degraded() {
        return Optional.empty();
    }

    /**
     * Detaches the tracepoints once no socket is left that is older than the agent: {@code sock_ops} knows all others.
     * Costs a read of the map of older sockets; to be called now and then.
     */
    void releaseTracepointsIfIdle() throws IOException;
}
