package io.nodetelemetry;

import io.nodetelemetry.internal.collectors.logs.LogsCollector;
import io.nodetelemetry.internal.state.ContainerRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The logs collector as it is configured. */
final class LogsWiring {
    private LogsWiring() {}

    static Optional<LogsCollector> collector(NodeTelemetryConfig config, ContainerRegistry registry) {
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
        List<Path> roots = config.roots().host();
        return Optional.of(new LogsCollector(how, registry, path -> below(roots, path)));
    }

    /** A file of the host's as this process can open it: below the first root that has its directory. */
    private static Path below(List<Path> roots, Path path) {
        Path relative = path.getRoot().relativize(path);
        return roots.stream()
                .map(root -> root.resolve(relative))
                .filter(found -> Files.isDirectory(found.resolveSibling(".")))
                .findFirst()
                .orElse(path);
    }
}
