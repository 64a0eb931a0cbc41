package io.nodetelemetry.internal.source.netlink;

import java.util.Optional;

/**
 * A network interface: {@code RTM_NEWLINK} of rtnetlink(7).
 *
 * @param index its number within its network namespace
 * @param name such as {@code eth0}
 * @param state empty if the kernel does not tell
 * @param counters empty if the kernel does not tell
 */
public record NetworkLink(int index, String name, Optional<OperationalState> state, Optional<LinkCounters> counters) {}
