package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.internal.source.procfs.ProcessIds;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds network namespaces: those of processes, and those that were given a name. Looks at each process once, and at all
 * of them again now and then, as a process may move. For one thread.
 */
final class NamespaceScan {
    static final int MAX_NAMESPACES = 4096;

    private static final int PASSES_UNTIL_ALL_AGAIN = 12;

    /** Below the root of the host: of {@code ip netns}, and of Docker. */
    private static final List<String> NAMED = List.of("1/root/run/netns", "1/root/run/docker/netns");

    private final Path procRoot;
    private final int maxNamespaces;
    /** What stands for each namespace; its number is given to another one when it is gone. */
    private final Map<NetworkNamespace, Path> known = new LinkedHashMap<>();

    private Set<Integer> processes = Set.of();
    private int pass;
    private long leftOut;

    NamespaceScan(Path procRoot, int maxNamespaces) {
        this.procRoot = procRoot;
        this.maxNamespaces = maxNamespaces;
    }

    /**
     * Those that were not there at the last call, without the host's; of each a file that stands for it, which may be gone
     * by now.
     */
    List<Path> found() throws IOException {
        Set<Integer> alive = new HashSet<>(ProcessIds.list(procRoot));
        Map<Path, NetworkNamespace> named = named();
        known.values().removeIf(file -> !named.containsKey(file) && !alive.contains(processOf(file)));
        boolean all = pass++ % PASSES_UNTIL_ALL_AGAIN == 0;
        Optional<NetworkNamespace> host = NetworkNamespace.ofHost(procRoot);
        List<Path> found = new ArrayList<>();
        named.forEach((file, namespace) -> add(namespace, file, host, found));
        for (int process : alive) {
            if (all || !processes.contains(process)) {
                NetworkNamespace.of(procRoot, process)
                        .ifPresent(namespace -> add(namespace, fileOf(process), host, found));
            }
        }
        processes = alive;
        return found;
    }

    private void add(NetworkNamespace namespace, Path file, Optional<NetworkNamespace> host, List<Path> found) {
        if (host.filter(namespace::equals).isPresent() || known.containsKey(namespace)) {
            return;
        }
        if (known.size() >= maxNamespaces) {
            leftOut++;
            return;
        }
        known.put(namespace, file);
        found.add(file);
    }

    private Path fileOf(int process) {
        return procRoot.resolve(process + "/ns/net");
    }

    /** -1 for a file of another kind, which no process has. */
    private int processOf(Path file) {
        String name = file.startsWith(procRoot)
                ? file.getName(procRoot.getNameCount()).toString()
                : "";
        return file.equals(procRoot.resolve(name + "/ns/net")) ? Integer.parseInt(name) : -1;
    }

    private Map<Path, NetworkNamespace> named() {
        Map<Path, NetworkNamespace> named = new LinkedHashMap<>();
        for (String folder : NAMED) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(procRoot.resolve(folder))) {
                for (Path entry : entries) {
                    named.put(entry, new NetworkNamespace((long) Files.getAttribute(entry, "unix:ino")));
                }
            } catch (IOException | DirectoryIteratorException e) {
                // Nobody named one, it is gone again, or PID 1 may not be asked: its processes tell.
            }
        }
        return named;
    }

    /** How often a namespace was passed over, as there were too many. */
    long leftOut() {
        return leftOut;
    }
}
