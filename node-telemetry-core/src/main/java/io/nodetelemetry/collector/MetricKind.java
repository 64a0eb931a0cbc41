package io.nodetelemetry.collector;

/** What a number means to whoever adds it up. */
public enum MetricKind {
    /** A monotonic sum since the agent started; OpenTelemetry's asynchronous counter. */
    COUNTER,
    /** A value of the moment, not to be summed over time; OpenTelemetry's asynchronous gauge. */
    GAUGE
}
