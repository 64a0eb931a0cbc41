package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the log files that no runtime tells of in time, or at all. */
final class LogFinder implements AutoCloseable {
    /** In which a container is likely to open its logs. */
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final ContainerRegistry registry;
    private final LogFileThread thread;
    private final WrittenLogs written;
    private Instant looked = Instant.MIN;

    /** Begins to look. */
    LogFinder(ContainerRegistry registry, Path procRoot, LogFileThread thread) {
        this.registry = registry;
        this.thread = thread;
        written = new WrittenLogs(registry, procRoot);
        thread.start();
    }

    /** The files below {@code /var/log} that containers have open; the same list while nothing changes. For the agent's thread. */
    List<WrittenLog> written(Instant now) {
        boolean due = Duration.between(looked, now).abs().compareTo(BETWEEN_LOOKS) >= 0;
        if (due && registry.containers().stream().anyMatch(container -> isYoung(container, now))) {
            looked = now;
            thread.lookSoon();
        }
        return written.of(thread.seen());
    }

    private static boolean isYoung(Container container, Instant now) {
        return container.endedAt().isEmpty()
                && container.startedAt().plus(YOUNG).isAfter(now);
    }

    Optional<BpfProbe> probe() {
        return thread.probe();
    }

    Map<String, Long> drops() {
        return thread.drops();
    }

    Optional<String> degraded() {
        return thread.degraded();
    }

    @Override
    public void close() {
        thread.close();
    }
}
