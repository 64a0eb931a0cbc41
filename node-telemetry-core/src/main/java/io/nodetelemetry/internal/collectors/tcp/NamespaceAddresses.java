package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.model.SocketAddress;
import java.util.List;

/** The addresses of network namespaces; port 0 in each. */
public interface NamespaceAddresses {
    /**
     * All addresses but link-local and multicast ones; loopback in the host's namespace alone.
     *
     * @param netns inode number of the namespace
     * @param process one that lies in it, or did
     * @return empty if they could not be read, now or before
     */
    List<SocketAddress> of(int netns, int process);

    /** Those of the host's own namespace. */
    List<SocketAddress> ofHost();
}
