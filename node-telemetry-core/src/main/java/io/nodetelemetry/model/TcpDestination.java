package io.nodetelemetry.model;

/**
 * Where the tasks of a cgroup connect to.
 *
 * @param cgroup of the task that called connect(2), taken at that moment
 * @param address the address dialled
 */
public record TcpDestination(CgroupRef cgroup, SocketAddress address) {}
