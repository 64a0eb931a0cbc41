package io.nodetelemetry.internal.source.netlink;

import java.net.InetAddress;

/**
 * An address of a network interface: {@code RTM_NEWADDR} of rtnetlink(7).
 *
 * @param interfaceIndex of the {@link NetworkLink}
 * @param address the interface's own, not that of the other end
 * @param prefixBits length of the network's prefix
 * @param scope how far it is valid: {@code RT_SCOPE_…} of {@code linux/rtnetlink.h}, 0 everywhere, 253 on the link, 254 on
 *     this host
 */
public record InterfaceAddress(int interfaceIndex, InetAddress address, int prefixBits, int scope) {}
