package io.nodetelemetry.examples;

import io.nodetelemetry.NodeTelemetry;
import io.nodetelemetry.NodeTelemetryConfig.Logs;
import io.nodetelemetry.model.LogLevel;

/**
 * Log patterns on a tight budget: {@code curl -s localhost:9400/metrics | grep container_log}. Run as root with
 * {@code --enable-native-access=io.nodetelemetry}. {@code parseLogs(false)} in place of {@code logs} reads no log at all.
 */
final class EmbedWithLogs {
    private EmbedWithLogs() {}

    public static void main(String[] args) throws InterruptedException {
        Logs frugal = new Logs(
                true, // enabled
                false, // fromBeginning: what was written before the start does not count
                true, // structured: the message is looked for in lines of JSON and logfmt
                true, // maskSecrets, in samples
                LogLevel.ERROR, // the lowest level with patterns; warnings and the like are counted by level alone
                64, // patterns of each level of one container
                5_000, // patterns in all: each is a series
                256, // characters of a sample
                10_000); // lines of one container per second; more are skipped, and counted as skipped
        try (NodeTelemetry _ = NodeTelemetry.builder()
                .prometheus("127.0.0.1", 9400)
                .logs(frugal)
                .start()) {
            Thread.sleep(60_000);
        }
    }
}
