package io.nodetelemetry.model;

/**
 * How an address is listened on now.
 *
 * @param open sockets in the state LISTEN; more than one with {@code SO_REUSEPORT}
 * @param closedNanos {@code CLOCK_MONOTONIC} of the last close; 0 if there was none
 * @param retransmits segments sent again on connections that were accepted there
 * @param process the process that listened last
 */
public record TcpListenerState(long open, long closedNanos, long retransmits, int process) {}
