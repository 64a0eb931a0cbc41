package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.internal.source.netlink.InterfaceAddress;
import io.nodetelemetry.internal.source.netlink.NetworkLink;
import java.util.List;

/**
 * The node's network interfaces at one time.
 *
 * @param links those that are the node's own
 * @param addresses of all interfaces
 */
record InterfaceReading(List<NetworkLink> links, List<InterfaceAddress> addresses) {
    InterfaceReading {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
    }
}
