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
    private Map<Key, Row> rows = new HashMap<>();

    private record Key(ContainerId container, SocketAddress address, String proxy) {}

    private record Row(Labels labels, boolean open) {}

    /**
     * An empty ledger.
     *
     * @param closedNanos how long an address that nobody listens on any more is shown with 0
     */
    ListenerLedger(ContainerRegistry registry, NamespaceAddresses addresses, long closedNanos) {
        this.registry = registry;
        this.addresses = addresses;
        this.closedNanos = closedNanos;
    }

    /** Reads all listeners, and forgets in the kernel those that closed long ago. */
    void read(TcpCounters counters, long nowNanos) throws IOException {
        Map<Key, Row> previous = rows;
        rows = new HashMap<>();
        List<TcpListener> expired = new ArrayList<>();
        counters.readListeners((listener, state) -> {
            if (state.open() <= 0 && nowNanos - state.closedNanos() > closedNanos) {
                expired.add(listener);
            } else {
                add(listener, state, previous);
            }
        });
        for (TcpListener listener : expired) {
            counters.remove(listener);
        }
        for (Container container : registry.containers()) {
            addPublished(container, previous);
        }
    }

    private void add(TcpListener listener, TcpListenerState state, Map<Key, Row> previous) {
        Optional<ContainerId> id = registry.containerOf(listener.cgroup()).flatMap(Container::id);
        if (id.isEmpty()) {
            return;
        }
        boolean open = state.open() > 0;
        if (!listener.address().isWildcard()) {
            put(new Key(id.get(), listener.address(), NO_PROXY), open, previous);
            return;
        }
        List<SocketAddress> all = addresses.of(listener.netns(), state.process());
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
        Row known = rows.getOrDefault(key, previous.get(key));
        Labels labels = known == null
                ? Labels.of(key.container().value(), key.address().toString(), key.proxy())
                : known.labels();
        boolean anyOpen = open || (rows.containsKey(key) && rows.get(key).open());
        rows.put(key, new Row(labels, anyOpen));
    }

    /** The table of this moment. */
    MetricTable table() {
        MetricTable.Builder table = MetricTable.builder(TcpMetrics.TCP_LISTEN_INFO);
        for (Row row : rows.values()) {
            table.row(row.labels()).set(0, row.open() ? 1L : 0L);
        }
        return table.build();
    }
}
