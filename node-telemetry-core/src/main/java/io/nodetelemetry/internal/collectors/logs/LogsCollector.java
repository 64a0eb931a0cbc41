package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.metrics.LogMetrics;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.LogLevel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Messages that containers and services log. They are read on a thread of its own; a collection says whose logs are to be
 * read, and takes what was counted last.
 */
public final class LogsCollector implements Collector, PartlyWorking {
    /**
     * How logs are read and counted.
     *
     * @param fromBeginning whether what was written before the start counts too
     * @param structured whether the message is taken out of lines of JSON and logfmt
     * @param maskSecrets whether passwords, tokens and the like in samples are replaced
     * @param lowestPatternLevel messages below this level are counted by level alone
     * @param maxPatternsPerContainer patterns of each level of one container that are told apart
     * @param maxPatterns patterns of all containers that are told apart
     * @param maxSampleLength of a sample, in characters
     * @param maxLinesPerSecond of one container that are looked at
     */
    public record Config(
            boolean fromBeginning,
            boolean structured,
            boolean maskSecrets,
            LogLevel lowestPatternLevel,
            int maxPatternsPerContainer,
            int maxPatterns,
            int maxSampleLength,
            int maxLinesPerSecond) {}

    private final Config config;
    private final UnaryOperator<Path> onHost;
    private final LogPlanner planner;
    private final LogsThread.Opener opener;
    private final LongSupplier nanos;
    private InstantSource clock = InstantSource.system();
    private @Nullable LogsThread thread;

    /**
     * Opens nothing yet.
     *
     * @param onHost the way to a file that a runtime names
     */
    public LogsCollector(Config config, ContainerRegistry registry, UnaryOperator<Path> onHost) {
        this(config, registry, onHost, LogFilesTail::open, System::nanoTime);
    }

    LogsCollector(
            Config config,
            ContainerRegistry registry,
            UnaryOperator<Path> onHost,
            LogsThread.Opener opener,
            LongSupplier nanos) {
        this.config = config;
        this.onHost = onHost;
        this.opener = opener;
        this.nanos = nanos;
        planner = new LogPlanner(registry, config.fromBeginning());
    }

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public List<MetricFamily> families() {
        return List.of(LogMetrics.MESSAGES, LogMetrics.SKIPPED_LINES);
    }

    @Override
    public void start(CollectorContext context) {
        clock = context.clock();
        planner.forget();
        LogsState state = LogsState.of(config, clock, nanos);
        thread = new LogsThread(opener, tail -> new LogsCycle(tail, state, files(tail, state), nanos));
    }

    private FollowedFiles files(LogTail tail, LogsState state) {
        return new FollowedFiles(tail, state, onHost);
    }

    @Override
    public List<MetricTable> collect() throws CollectorUnavailableException {
        LogsThread started = thread;
        if (started == null) {
            throw new CollectorUnavailableException("not started");
        }
        planner.next(clock.instant()).ifPresent(started::follow);
        return started.published().tables();
    }

    @Override
    public Optional<String> degraded() {
        LogsThread started = thread;
        return started == null
                ? Optional.empty()
                : started.fault().or(() -> started.published().degraded());
    }

    /** What was not counted, by reason; zeros included. */
    public Map<String, Long> drops() {
        LogsThread started = thread;
        return started == null ? Map.of() : started.published().drops();
    }

    @Override
    public void close() {
        LogsThread running = thread;
        thread = null;
        if (running != null) {
            running.close();
        }
    }
}
