package io.nodetelemetry.internal.source.icmp;

import java.util.OptionalLong;

/**
 * When the requests of a round left and their replies came, by {@code CLOCK_REALTIME}: the kernel's word where it gave
 * it, our clock's where not.
 */
final class EchoTimes {
    /** Zero where there is none: no clock shows 1970. */
    private final long[] asked;

    private final long[] scheduled;
    private final long[] sent;
    private final long[] received;
    private int answers;

    EchoTimes(int targets) {
        asked = new long[targets];
        scheduled = new long[targets];
        sent = new long[targets];
        received = new long[targets];
    }

    /** A request is about to be sent. */
    void asked(int target, long unixNanos) {
        asked[target] = unixNanos;
    }

    /** The request could not be sent: there is nothing to wait for. */
    void refused(int target) {
        asked[target] = 0;
    }

    /** The kernel says when it passed a request on. */
    void passed(int target, PacketStamp stamp) {
        long nanos = stamp.unixNanos().orElse(0);
        if (stamp.moment() == PacketStamp.Moment.SENT) {
            sent[target] = nanos;
        } else if (stamp.moment() == PacketStamp.Moment.SCHEDULED) {
            scheduled[target] = nanos;
        }
    }

    /** A reply came; the first one counts. */
    void answered(int target, long unixNanos) {
        if (asked[target] != 0 && received[target] == 0) {
            received[target] = unixNanos;
            answers++;
        }
    }

    /** How many of the requests were answered. */
    int answers() {
        return answers;
    }

    /**
     * The time from the last moment that is known of the request's way out to the reply's arrival.
     *
     * @param limitNanos what it cannot exceed: someone sets the clock now and then
     * @return empty without a reply, and where the clock was set in between
     */
    OptionalLong roundTripNanos(int target, long limitNanos) {
        if (received[target] == 0) {
            return OptionalLong.empty();
        }
        long left = sent[target] != 0 ? sent[target] : scheduled[target] != 0 ? scheduled[target] : asked[target];
        long nanos = received[target] - left;
        return nanos > 0 && nanos <= limitNanos ? OptionalLong.of(nanos) : OptionalLong.empty();
    }
}
