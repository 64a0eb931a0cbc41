package io.nodetelemetry.cli;

/** Entry point. */
final class Main {
    private Main() {}
}
