package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.internal.source.bpf.TcpCounters;
import io.nodetelemetry.internal.source.bpf.TcpHook;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The kernel's maps as plain ones. */
final class FakeCounters implements TcpCounters {
    final Map<TcpDestination, TcpTotals> destinations = new LinkedHashMap<>();
    final Map<CgroupRef, TcpTotals> overflow = new LinkedHashMap<>();
    final Map<TcpDestination, TcpTraffic> open = new LinkedHashMap<>();
    final Map<CgroupRef, TcpTraffic> openOverflow = new LinkedHashMap<>();
    final Map<TcpListener, TcpListenerState> listeners = new LinkedHashMap<>();
    /** What happens after the rows were read and before the open connections are. */
    Runnable beforeOpen = () -> {};

    @Override
    public TcpHook hook() {
        return TcpHook.SOCK_OPS;
    }

    @Override
    public List<String> whyNotBetter() {
        return List.of();
    }

    @Override
    public void readDestinations(BiConsumer<TcpDestination, TcpTotals> consumer) {
        destinations.forEach(consumer);
    }

    @Override
    public void readOverflow(BiConsumer<CgroupRef, TcpTotals> consumer) {
        overflow.forEach(consumer);
    }

    @Override
    public void readOpen(BiConsumer<TcpDestination, TcpTraffic> rows, BiConsumer<CgroupRef, TcpTraffic> inOverflow) {
        beforeOpen.run();
        open.forEach(rows);
        openOverflow.forEach(inOverflow);
    }

    @Override
    public void readListeners(BiConsumer<TcpListener, TcpListenerState> consumer) {
        listeners.forEach(consumer);
    }

    @Override
    public Optional<TcpTotals> remove(TcpDestination destination) {
        return Optional.ofNullable(destinations.remove(destination));
    }

    @Override
    public Optional<TcpTotals> removeOverflow(CgroupRef cgroup) {
        return Optional.ofNullable(overflow.remove(cgroup));
    }

    @Override
    public void remove(TcpListener listener) {
        listeners.remove(listener);
    }

    @Override
    public List<TcpDestination> sweepMissedCloses() {
        return List.of();
    }

    @Override
    public void releaseTracepointsIfIdle() {}

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public List<Program> programs() {
        return List.of();
    }

    @Override
    public List<Fill> fills() {
        return List.of();
    }

    @Override
    public Map<String, Long> drops() {
        return Map.of();
    }

    @Override
    public void close() {}
}
