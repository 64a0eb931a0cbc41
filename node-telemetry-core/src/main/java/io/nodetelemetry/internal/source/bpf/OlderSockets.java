package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfLink;
import io.nodetelemetry.internal.ffm.BpfMap;
import io.nodetelemetry.model.TcpDestination;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sockets that tracepoints follow, {@code sockets_by_address}: those that are older than the agent, or all where
 * there is no better hook. For one thread.
 */
final class OlderSockets {
    /** The most sockets that can be followed by address, as many bytes each in the iterator's output. */
    private static final int MAX_ITERATOR_BYTES = 262_144 * Long.BYTES * 4;

    /** No socket that its process has let go of takes longer to close: tcp(7), tcp_orphan_retries and tcp_fin_timeout. */
    private static final long LONGEST_CLOSE_NANOS = Duration.ofMinutes(10).toNanos();

    private final BpfMap followed;
    private final BpfLink finder;
    private long count;

    OlderSockets(BpfMap followed, BpfLink finder) {
        this.followed = followed;
        this.finder = finder;
    }

    /** Follows all sockets that are open in some process and that nothing else hears of. Returns their addresses. */
    Set<Long> find() throws IOException {
        ByteBuffer addresses = TcpDecoder.wrap(finder.runIterator(MAX_ITERATOR_BYTES));
        Set<Long> open = new HashSet<>();
        while (addresses.remaining() >= Long.BYTES) {
            open.add(addresses.getLong());
        }
        return open;
    }

    /** How many there are, by a walk over the map. */
    long recount() throws IOException {
        count = 0;
        followed.forEach((key, value) -> count++);
        return count;
    }

    BpfProbe.Fill fill() {
        return new BpfProbe.Fill("sockets_by_address", count, followed.maxEntries());
    }

    /**
     * Stops following those whose end was missed.
     *
     * @return the destinations of those that count as established still
     */
    List<TcpDestination> sweep(long nowNanos) throws IOException {
        Set<Long> open = find();
        Map<Long, Integer> stale = new HashMap<>();
        followed.forEach((key, value) -> {
            int role = value.getShort(TcpDecoder.SOCKET_ROLE_OFFSET);
            boolean active = role == TcpDecoder.ROLE_ACTIVE;
            boolean closing = role == TcpDecoder.ROLE_CLOSING
                    && nowNanos - value.getLong(TcpDecoder.SOCKET_STARTED_OFFSET) > LONGEST_CLOSE_NANOS;
            if ((active || closing) && !open.contains(key.getLong(0))) {
                stale.put(key.getLong(0), role);
            }
        });
        List<TcpDestination> ended = new ArrayList<>();
        byte[] value = new byte[followed.valueBytes()];
        for (Map.Entry<Long, Integer> entry : stale.entrySet()) {
            byte[] key = TcpDecoder.buffer(Long.BYTES).putLong(entry.getKey()).array();
            // The program may have booked the close meanwhile: whoever deletes the entry, books it.
            if (followed.lookupAndDelete(key, value)
                    && TcpDecoder.wrap(value).getShort(TcpDecoder.SOCKET_ROLE_OFFSET) == TcpDecoder.ROLE_ACTIVE) {
                ended.add(TcpDecoder.destination(TcpDecoder.wrap(value)));
            }
        }
        return ended;
    }
}
