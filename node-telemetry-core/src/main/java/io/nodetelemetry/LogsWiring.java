package io.nodetelemetry;

import io.nodetelemetry.internal.collectors.logs.LogsCollector;
import io.nodetelemetry.internal.source.bpf.OpenLogFiles;
import io.nodetelemetry.internal.source.logfile.HostFiles;
import io.nodetelemetry.internal.state.ContainerRegistry;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The logs collector as it is configured. */
final class LogsWiring {
    private LogsWiring() {}

    static Optional<LogsCollector> collector(
            NodeTelemetryConfig config, ContainerRegistry registry, Callable<? extends OpenLogFiles> inKernel) {
        NodeTelemetryConfig.Logs logs = config.logs();
        if (!logs.enabled()) {
            return Optional.empty();
        }
        LogsCollector.Config how = new LogsCollector.Config(
                logs.fromBeginning(),
                logs.structured(),
                logs.maskSecrets(),
                logs.lowestPatternLevel(),
                logs.maxPatternsPerContainer(),
                logs.maxPatterns(),
                logs.maxSampleLength(),
                logs.maxLinesPerSecond());
        return Optional.of(
                new LogsCollector(how, registry, new HostFiles(config.roots().host()), inKernel));
    }
}
