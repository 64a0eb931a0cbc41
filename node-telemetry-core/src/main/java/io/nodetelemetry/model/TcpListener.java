package io.nodetelemetry.model;

/**
 * An address that tasks of a cgroup listen on.
 *
 * @param cgroup of the task that called listen(2)
 * @param address as bound: {@code 0.0.0.0} and {@code ::} stand for all addresses of the network namespace
 * @param netns inode number of that namespace, as {@code readlink /proc/<pid>/ns/net} shows it
 * @param family what the socket takes
 */
public record TcpListener(CgroupRef cgroup, SocketAddress address, int netns, Family family) {
    /** The address family of a listening socket. */
    public enum Family {
        /** IPv4 connections. */
        IPV4,
        /** IPv6 connections, and IPv4 ones where it is bound to {@code ::}. */
        IPV6,
        /** IPv6 connections alone ({@code IPV6_V6ONLY}). */
        IPV6_ONLY
    }
}
