package io.nodetelemetry.model;

/**
 * An address that tasks of a cgroup listen on.
 *
 * @param cgroup of the task that called listen(2)
 * @param address as bound: {@code 0.0.0.0} and {@code ::} stand for all addresses of the network namespace
 * @param netns inode number of that namespace, as {@code readlink /proc/<pid>/ns/net} shows it
 * @param ipv6 whether the socket is of the IPv6 family; bound to {@code ::} it takes IPv4 connections too
 */
public record TcpListener(CgroupRef cgroup, SocketAddress address, int netns, boolean ipv6) {}
