package io.nodetelemetry.internal.collectors.tcp;

/**
 * How much of TCP is kept.
 *
 * @param destinations rows of (cgroup, destination) that fit in the kernel's map
 * @param destinationsPerContainer series of one container beside its {@code ~other}
 * @param listenerSeries series of listeners of all containers
 */
public record TcpBounds(int destinations, int destinationsPerContainer, int listenerSeries) {}
