package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.PartlyWorking;
import io.nodetelemetry.internal.metrics.LogMetrics;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.OpenLogFiles;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.cgroupfs.CgroupfsUnavailableException;
import io.nodetelemetry.internal.source.journal.JournalReader;
import io.nodetelemetry.internal.source.journal.JournalSettings;
import io.nodetelemetry.internal.source.logfile.HostFiles;
import io.nodetelemetry.internal.source.logfile.OpenFileLook;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.LogLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages that containers and services log. They are read on a thread of its own; a collection says whose logs are to be
 * read, and takes what was counted last.
 */
public final class LogsCollector implements Collector, PartlyWorking {
    private static final Path DOCKER = Path.of("/var/lib/docker");
    private static final String CONTAINERS = "containers";
    private static final Path VOLATILE_JOURNAL = Path.of("/run/log/journal");
    private static final Path PERSISTENT_JOURNAL = Path.of("/var/log/journal");

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
    private final ContainerRegistry registry;
    private final HostFiles host;
    private final Callable<? extends OpenLogFiles> inKernel;
    private final Supplier<Optional<Path>> engine;
    private final LogPlanner planner;
    private InstantSource clock = InstantSource.system();
    private volatile @Nullable LogsThread thread;
    private volatile @Nullable DockerLogThread docker;
    private @Nullable LogFinder finder;

    /**
     * Opens nothing yet.
     *
     * @param host the way to the files that runtimes name
     * @param inKernel the best way to look for files that containers have open; there is another one
     * @param engine asks a Docker engine for its data directory, as the host names it; empty if there is none now. Called
     *     on a thread that may wait
     */
    public LogsCollector(
            Config config,
            ContainerRegistry registry,
            HostFiles host,
            Callable<? extends OpenLogFiles> inKernel,
            Supplier<Optional<Path>> engine) {
        this.config = config;
        this.registry = registry;
        this.host = host;
        this.inKernel = inKernel;
        this.engine = engine;
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
        LogsState state = LogsState.of(config, clock, System::nanoTime);
        finder = finder(context);
        DockerLogThread opened = new DockerLogThread(
                () -> engine.get().map(data -> host.locate(data.resolve(CONTAINERS))), this::wakeUp);
        docker = opened;
        opened.listenTo(host.locate(DOCKER.resolve(CONTAINERS)));
        opened.start();
        thread = new LogsThread(
                () -> warm(new LogInputs(LogFilesTail.open(), journal(context.procRoot()))),
                inputs -> new LogsCycle(
                        inputs,
                        state,
                        new FollowedFiles(inputs.files(), state, host::locate, opened),
                        System::nanoTime));
    }

    private static LogInputs warm(LogInputs inputs) throws IOException {
        try {
            WarmUp.run(inputs.files());
            return inputs;
        } catch (IOException | RuntimeException e) {
            inputs.close();
            throw e;
        }
    }

    private LogFinder finder(CollectorContext context) {
        Path proc = context.procRoot();
        List<Callable<? extends OpenLogLook>> ways =
                List.of(() -> new BpfLogLook(inKernel.call()), () -> byProcfs(context.cgroupRoot(), proc));
        LogFileSearch search = new LogFileSearch(new OpenFileLook(proc), clock.instant(), config.fromBeginning());
        return new LogFinder(registry, proc, new LogFileThread(ways, search));
    }

    private static ProcfsLogLook byProcfs(Path cgroupRoot, Path proc) throws CollectorUnavailableException {
        try {
            return new ProcfsLogLook(proc, CgroupTree.open(cgroupRoot, proc));
        } catch (CgroupfsUnavailableException e) {
            throw new CollectorUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private JournalTail journal(Path proc) {
        JournalSettings.Home home =
                new JournalSettings.Home(host.locate(VOLATILE_JOURNAL), host.locate(PERSISTENT_JOURNAL));
        Path bootId = proc.resolve("sys/kernel/random/boot_id");
        return new JournalReaderTail(
                JournalReader.open(new JournalSettings(List.of(home), bootId, config.fromBeginning())));
    }

    private void wakeUp() {
        LogsThread running = thread;
        if (running != null) {
            running.wakeUp();
        }
    }

    @Override
    public List<MetricTable> collect() throws CollectorUnavailableException {
        LogsThread running = thread;
        LogFinder finding = finder;
        if (running == null || finding == null) {
            throw new CollectorUnavailableException("not started");
        }
        Instant now = clock.instant();
        planner.next(now, finding.written(now)).ifPresent(running::follow);
        return running.published().tables();
    }

    @Override
    public Optional<String> degraded() {
        LogsThread running = thread;
        LogFinder finding = finder;
        DockerLogThread hearing = docker;
        return running == null || finding == null || hearing == null
                ? Optional.empty()
                : running.fault()
                        .or(() -> running.published().degraded())
                        .or(finding::degraded)
                        .or(hearing::degraded);
    }

    /** What was not counted, by reason; zeros included. */
    public Map<String, Long> drops() {
        LogsThread running = thread;
        LogFinder finding = finder;
        DockerLogThread hearing = docker;
        Map<String, Long> drops = new HashMap<>();
        if (running != null && finding != null && hearing != null) {
            drops.putAll(running.published().drops());
            drops.putAll(finding.drops());
            drops.put("new_docker_log", hearing.dropped());
        }
        return drops;
    }

    /** What is loaded into the kernel to find log files; empty while that is nothing. */
    public Optional<BpfProbe> probe() {
        LogFinder finding = finder;
        return finding == null ? Optional.empty() : finding.probe();
    }

    @Override
    public void close() {
        LogsThread running = thread;
        LogFinder finding = finder;
        DockerLogThread hearing = docker;
        thread = null;
        finder = null;
        docker = null;
        if (running != null) {
            running.close();
        }
        if (finding != null) {
            finding.close();
        }
        if (hearing != null) {
            hearing.close();
        }
    }
}
