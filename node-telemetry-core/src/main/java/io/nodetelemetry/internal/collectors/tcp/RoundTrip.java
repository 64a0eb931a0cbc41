package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.model.TcpTraffic;
import java.util.OptionalDouble;

/**
 * The smoothed round-trip time of a series: the mean over its connections that were open at the last pass; if there were
 * none, over those that closed since the pass before it; if there were none either, what it was last.
 */
final class RoundTrip {
    private static final double MICROS_PER_SECOND = 1e6;

    private OptionalDouble seconds = OptionalDouble.empty();
    /** Of closed connections, when the pass before was made. */
    private long settledMicros;

    private long settledSamples;

    OptionalDouble seconds() {
        return seconds;
    }

    /**
     * After a reading.
     *
     * @param closed sums over all connections that are over
     * @param open sums over those open at the last pass
     * @param pass whether that was just now
     */
    void update(TcpTraffic closed, TcpTraffic open, boolean pass) {
        if (open.rttSamples() > 0) {
            seconds = mean(open.rttMicros(), open.rttSamples());
        } else if (closed.rttSamples() > settledSamples) {
            seconds = mean(closed.rttMicros() - settledMicros, closed.rttSamples() - settledSamples);
        }
        if (pass) {
            settledMicros = closed.rttMicros();
            settledSamples = closed.rttSamples();
        }
    }

    /** Another series becomes part of this one: what it had is settled, and its value serves where there is none. */
    void join(RoundTrip other) {
        settledMicros += other.settledMicros;
        settledSamples += other.settledSamples;
        if (seconds.isEmpty()) {
            seconds = other.seconds;
        }
    }

    private static OptionalDouble mean(long micros, long samples) {
        return OptionalDouble.of((double) micros / samples / MICROS_PER_SECOND);
    }
}
