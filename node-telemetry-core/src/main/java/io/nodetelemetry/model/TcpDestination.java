package io.nodetelemetry.model;

/**
 * Where the tasks of a cgroup connect to.
 *
 * @param cgroup of the task that called connect(2), taken at that moment
 * @param address the address dialled
 * @param actual the address reached after translation (DNAT); the one dialled where nothing is translated, and for
 *     connects that failed at once
 */
public record TcpDestination(CgroupRef cgroup, SocketAddress address, SocketAddress actual) {
    /** A destination that nothing translates. */
    public TcpDestination(CgroupRef cgroup, SocketAddress address) {
        this(cgroup, address, address);
    }
}
