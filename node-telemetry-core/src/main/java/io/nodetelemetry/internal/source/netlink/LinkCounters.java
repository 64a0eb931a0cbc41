package io.nodetelemetry.internal.source.netlink;

/**
 * What went through a network interface since it was made: {@code struct rtnl_link_stats64} of {@code linux/if_link.h}.
 *
 * @param receivedPackets good ones
 * @param sentPackets those handed to the hardware
 * @param receivedBytes of good packets, link headers included
 * @param sentBytes of packets handed to the hardware, link headers included
 */
public record LinkCounters(long receivedPackets, long sentPackets, long receivedBytes, long sentBytes) {}
