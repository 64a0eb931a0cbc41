package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.LogLineReader;
import io.nodetelemetry.internal.log.MessageCounts;
import io.nodetelemetry.internal.log.PatternRoom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What is kept even if reading has to begin anew after a fault. For the thread that reads logs.
 *
 * @param ledger what was counted
 * @param openLogs logs whose last message may go on
 * @param drops what was not counted
 * @param left logs that are read no more, for now; the oldest first
 * @param clock the time that runtimes write into their logs
 */
record LogsState(
        LogLedger ledger,
        OpenLogs openLogs,
        LogDrops drops,
        Map<FollowedFiles.Place, LeftLog> left,
        InstantSource clock) {
    /** Nothing was read yet. */
    static LogsState of(LogsCollector.Config config, InstantSource clock, LongSupplier nanos) {
        LogAccount.Settings settings = new LogAccount.Settings(
                new MessageCounts.Rules(config.lowestPatternLevel(), config.maskSecrets(), config.maxSampleLength()),
                config.maxPatternsPerContainer(),
                new LogLineReader(config.structured()),
                new PatternRoom.Total(config.maxPatterns()));
        return new LogsState(
                new LogLedger(settings, config.maxLinesPerSecond(), nanos),
                new OpenLogs(),
                new LogDrops(),
                new LinkedHashMap<>(),
                clock);
    }
}
