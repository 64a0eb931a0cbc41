package io.nodetelemetry.internal.collectors.node;

import java.util.regex.Pattern;

/**
 * Which network interfaces are a node's own links: told by how systemd, the kernel and Proxmox name them
 * (systemd.net-naming-scheme(7)). VLANs upon them, such as {@code eth0.5}, count too; loopback, veth, container bridges and
 * tunnels do not, as what passes them passes one of these as well or never leaves the node.
 */
final class NodeInterfaceNames {
    private static final Pattern BEGINNING = Pattern.compile(
            "enp\\d+s\\d+|enp\\d+p\\d+s\\d+|eth\\d+|eno\\d+|ens\\d+|em\\d+|bond\\d+|p\\d+p\\d+|enx[0-9a-f]{12}|br\\d+|vmbr\\d+",
            Pattern.CASE_INSENSITIVE);

    private NodeInterfaceNames() {}

    static boolean matches(String name) {
        return BEGINNING.matcher(name).lookingAt();
    }
}
