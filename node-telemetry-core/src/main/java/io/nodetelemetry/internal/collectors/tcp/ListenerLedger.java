package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.TcpMetrics;
import io.nodetelemetry.internal.source.bpf.TcpCounters;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the kernel's listeners into series: a wildcard stands for every address of its network namespace, a port that
 * the runtime publishes for the host's. For the agent's thread.
 */
final class ListenerLedger {
    private static final String NO_PROXY = "";
    private static final String DOCKER_PROXY = "dockerd";

    private final ContainerRegistry registry;
    private final NamespaceAddresses addresses;
    private final long closedNanos;
    private final int capacity;
    private final AcceptedRetransmits retransmits;
    private Map<Key, Row> rows = new HashMap<>();
    private ContainerProcesses processes = ContainerProcesses.UNKNOWN;
    private long missing;
    private long dropped;

    private record Key(ContainerId container, SocketAddress address, String proxy) {}

    private record Row(Labels labels, boolean open) {}

    /**
     * An empty ledger.
     *
     * @param capacity series of listeners; a wildcard has as many as its namespace has addresses
     * @param closedNanos how long an address that nobody listens on any more is shown with 0
     */
    ListenerLedger(ContainerRegistry registry, NamespaceAddresses addresses, int capacity, long closedNanos) {
        this.registry = registry;
        this.addresses = addresses;
        this.capacity = capacity;
        this.closedNanos = closedNanos;
        retransmits = new AcceptedRetransmits(capacity);
    }

    /** From now on these are asked for processes of a namespace whose listener's own is gone. */
    void ask(ContainerProcesses source) {
        processes = source;
    }

    /** Reads all listeners, and forgets in the kernel those that closed long ago. */
    void read(TcpCounters counters, long nowNanos) throws IOException {
        Map<Key, Row> previous = rows;
        rows = new HashMap<>();
        long missedBefore = missing;
        missing = 0;
        retransmits.begin();
        List<TcpListener> expired = new ArrayList<>();
        counters.readListeners((listener, state) -> {
            Optional<Container> container = registry.containerOf(listener.cgroup());
            retransmits.add(listener, container.flatMap(Container::id), state.retransmits());
            if (state.open() <= 0 && nowNanos - state.closedNanos() > closedNanos) {
                expired.add(listener);
            } else {
                container.ifPresent(owner -> add(owner, listener, state, previous));
            }
        });
        retransmits.settle();
        for (TcpListener listener : expired) {
            counters.remove(listener);
        }
        for (Container container : registry.containers()) {
            addPublished(container, previous);
        }
        dropped += Math.max(0, missing - missedBefore);
    }

    private void add(Container container, TcpListener listener, TcpListenerState state, Map<Key, Row> previous) {
        Optional<ContainerId> id = container.id();
        if (id.isEmpty()) {
            return;
        }
        boolean open = state.open() > 0;
        if (!listener.address().isWildcard()) {
            put(new Key(id.get(), listener.address(), NO_PROXY), open, previous);
            return;
        }
        List<SocketAddress> all = addresses.of(listener.netns(), state.process(), () -> processes.of(container));
        if (all.isEmpty()) {
            put(new Key(id.get(), listener.address(), NO_PROXY), open, previous);
            return;
        }
        for (SocketAddress address : all) {
            if (takes(listener.family(), address)) {
                put(new Key(id.get(), address.withPort(listener.address().port()), NO_PROXY), open, previous);
            }
        }
    }

    private static boolean takes(TcpListener.Family family, SocketAddress address) {
        return switch (family) {
            case IPV4 -> address.isIpv4();
            case IPV6 -> true;
            case IPV6_ONLY -> !address.isIpv4();
        };
    }

    private void addPublished(Container container, Map<Key, Row> previous) {
        if (container.id().isEmpty()
                || container.metadata().isEmpty()
                || container.endedAt().isPresent()) {
            return;
        }
        for (SocketAddress published : container.metadata().get().publishedPorts()) {
            if (!published.isWildcard()) {
                put(new Key(container.id().get(), published, DOCKER_PROXY), true, previous);
                continue;
            }
            for (SocketAddress address : addresses.ofHost()) {
                if (address.isIpv4() == published.isIpv4()) {
                    put(
                            new Key(container.id().get(), address.withPort(published.port()), DOCKER_PROXY),
                            true,
                            previous);
                }
            }
        }
    }

    private void put(Key key, boolean open, Map<Key, Row> previous) {
        if (rows.size() >= capacity && !rows.containsKey(key)) {
            missing++;
            return;
        }
        Row known = rows.getOrDefault(key, previous.get(key));
        Labels labels = known == null
                ? Labels.of(key.container().value(), key.address().toString(), key.proxy())
                : known.labels();
        boolean anyOpen = open || (rows.containsKey(key) && rows.get(key).open());
        rows.put(key, new Row(labels, anyOpen));
    }

    /** No container bears that name any more. */
    void forget(ContainerId container) {
        retransmits.forget(container);
    }

    /** Series that found no room, once each time that they began to find none. */
    long dropped() {
        return dropped;
    }

    /** The tables of this moment. */
    List<MetricTable> tables() {
        MetricTable.Builder table = MetricTable.builder(TcpMetrics.TCP_LISTEN_INFO);
        for (Row row : rows.values()) {
            table.row(row.labels()).set(0, row.open() ? 1L : 0L);
        }
        return List.of(table.build(), retransmits.table());
    }
}
