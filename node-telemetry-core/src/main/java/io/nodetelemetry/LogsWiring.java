package io.nodetelemetry;

import io.nodetelemetry.internal.collectors.logs.LogsCollector;
import io.nodetelemetry.internal.runtime.DockerClient;
import io.nodetelemetry.internal.source.bpf.OpenLogFiles;
import io.nodetelemetry.internal.source.logfile.HostFiles;
import io.nodetelemetry.internal.state.ContainerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The logs collector as it is configured. */
final class LogsWiring {
    private LogsWiring() {}

    static Optional<LogsCollector> collector(
            NodeTelemetryConfig config,
            ContainerRegistry registry,
            Callable<? extends OpenLogFiles> inKernel,
            DockerClient docker) {
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
                new LogsCollector(how, registry, new HostFiles(config.roots().host()), inKernel, () -> data(docker)));
    }

    private static Optional<Path> data(DockerClient docker) {
        try {
            return docker.dataDirectory();
        } catch (IOException e) {
            // Not there, or it does not answer: where its logs are is told with each container then.
            return Optional.empty();
        }
    }
}
