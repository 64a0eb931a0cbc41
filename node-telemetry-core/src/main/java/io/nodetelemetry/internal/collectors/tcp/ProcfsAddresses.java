package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.internal.source.procfs.LocalAddresses;
import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.model.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Reads the addresses of a namespace from the procfs of a process in it, and remembers them. For one thread. */
public final class ProcfsAddresses implements NamespaceAddresses {
    private static final Duration FRESH = Duration.ofSeconds(15);
    /** A namespace that has no address yet gets one soon, as a rule. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final int MAX_NAMESPACES = 4096;
    /** Processes of a container that are looked at for one that lies in the namespace. */
    private static final int MAX_TRIES = 16;

    private final Path procRoot;
    private final int hostNetns;
    private final int ownProcess;
    private final LongSupplier nanos;
    private final Map<Integer, Known> known = new LinkedHashMap<>();

    private record Known(List<SocketAddress> addresses, long readAt) {}

    /**
     * Nothing is read yet.
     *
     * @param hostNetns inode number of the host's network namespace, where loopback addresses count
     * @param ownProcess a process in it that stays, usually this one
     * @param nanos a monotonic clock
     */
    public ProcfsAddresses(Path procRoot, int hostNetns, int ownProcess, LongSupplier nanos) {
        this.procRoot = procRoot;
        this.hostNetns = hostNetns;
        this.ownProcess = ownProcess;
        this.nanos = nanos;
    }

    @Override
    public List<SocketAddress> of(int netns, int process, Supplier<List<Integer>> others) {
        long now = nanos.getAsLong();
        Known last = known.get(netns);
        if (last != null && now - last.readAt() < (last.addresses().isEmpty() ? RETRY : FRESH).toNanos()) {
            return last.addresses();
        }
        List<SocketAddress> addresses = read(netns, process)
                .or(() -> netns == hostNetns ? read(netns, ownProcess) : readOfAny(netns, others.get()))
                .orElse(last == null ? List.of() : last.addresses());
        known.remove(netns);
        known.put(netns, new Known(addresses, now));
        if (known.size() > MAX_NAMESPACES) {
            known.remove(known.keySet().iterator().next());
        }
        return addresses;
    }

    @Override
    public List<SocketAddress> ofHost() {
        return of(hostNetns, ownProcess, List::of);
    }

    private Optional<List<SocketAddress>> readOfAny(int netns, List<Integer> processes) {
        return processes.stream()
                .limit(MAX_TRIES)
                .map(process -> read(netns, process))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<List<SocketAddress>> read(int netns, int process) {
        // The process may be gone and its number taken by one elsewhere.
        Optional<NetworkNamespace> actual = NetworkNamespace.of(procRoot, process);
        if (actual.isEmpty() || (int) actual.get().inode() != netns) {
            return Optional.empty();
        }
        try {
            return LocalAddresses.read(procRoot, process)
                    .map(local -> local.addresses().stream()
                            .filter(address -> netns == hostNetns || !address.isLoopbackAddress())
                            .map((InetAddress address) -> SocketAddress.of(address, 0))
                            .toList());
        } catch (IOException e) {
            // What cannot be parsed is treated as unreadable: the wildcard itself is shown then.
            return Optional.empty();
        }
    }
}
