package io.nodetelemetry.model;

/** How grave a log line says it is, from what cannot be told to the gravest. */
public enum LogLevel {
    UNKNOWN("unknown"),
    DEBUG("debug"),
    INFO("info"),
    WARNING("warning"),
    ERROR("error"),
    CRITICAL("critical");

    private final String label;

    LogLevel(String label) {
        this.label = label;
    }

    /** As written in labels and tables. */
    public String label() {
        return label;
    }
}
