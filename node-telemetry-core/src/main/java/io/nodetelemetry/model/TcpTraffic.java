package io.nodetelemetry.model;

/**
 * What connections carried, by TCP's own counters.
 *
 * @param bytesSent payload handed to the network, each byte once however often it was sent; since the agent followed the
 *     connection
 * @param bytesReceived payload received in order, each byte once; since the agent followed the connection
 * @param retransmits segments sent again
 * @param resets established connections that an error ended: a reset by the peer, or no answer any more
 * @param rttMicros smoothed round-trip times (RFC 6298), summed over the samples
 * @param rttSamples how many connections that sum is of
 */
public record TcpTraffic(
        long bytesSent, long bytesReceived, long retransmits, long resets, long rttMicros, long rttSamples) {

    /** None. */
    public static final TcpTraffic NONE = new TcpTraffic(0, 0, 0, 0, 0, 0);

    /** The sum of both. */
    public TcpTraffic plus(TcpTraffic other) {
        return new TcpTraffic(
                bytesSent + other.bytesSent,
                bytesReceived + other.bytesReceived,
                retransmits + other.retransmits,
                resets + other.resets,
                rttMicros + other.rttMicros,
                rttSamples + other.rttSamples);
    }
}
