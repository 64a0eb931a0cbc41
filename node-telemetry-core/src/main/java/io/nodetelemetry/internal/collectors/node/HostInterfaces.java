package io.nodetelemetry.internal.collectors.node;

import io.nodetelemetry.internal.source.netlink.RouteNetlink;
import java.io.IOException;
import java.nio.file.Path;

/** Those of the host's network namespace. */
record HostInterfaces(RouteNetlink route) implements InterfaceSource {
    static HostInterfaces open(Path procRoot) throws IOException {
        return new HostInterfaces(RouteNetlink.openOnHost(procRoot));
    }

    @Override
    public InterfaceReading read() throws IOException {
        return new InterfaceReading(
                route.links().stream()
                        .filter(link -> NodeInterfaceNames.matches(link.name()))
                        .toList(),
                route.addresses());
    }

    @Override
    public void close() {
        route.close();
    }
}
