package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.model.SocketAddress;
import java.util.List;
import java.util.function.Supplier;

/** The addresses of network namespaces; port 0 in each. */
public interface NamespaceAddresses {
    /**
     * All addresses but link-local and multicast ones; loopback in the host's namespace alone.
     *
     * @param netns inode number of the namespace
     * @param process one that lies in it, or did
     * @param others where to look for one that does, if that one is gone; asked only then
     * @return empty if they could not be read, now or before
     */
    List<SocketAddress> of(int netns, int process, Supplier<List<Integer>> others);

    /** Those of the host's own namespace. */
    List<SocketAddress> ofHost();
}
