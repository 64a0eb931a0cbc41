package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread with real directories and an engine of the test's own. */
final class DockerLogThreadTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger newLogs = new AtomicInteger();
    private @Nullable DockerLogThread thread;

    @AfterEach
    void close() {
        if (thread != null) {
            thread.close();
        }
    }

    private DockerLogThread start(Supplier<Optional<Path>> engine) {
        DockerLogThread made = new DockerLogThread(engine, newLogs::incrementAndGet);
        thread = made;
        made.start();
        return made;
    }

    private static Path begin(Path containers, int number) throws IOException {
        String id = "%064x".formatted(number);
        return Files.createFile(Files.createDirectory(containers.resolve(id)).resolve(id + "-json.log"));
    }

    /** Begins logs until one is heard of. */
    private void awaitHeard(Path containers) {
        AtomicInteger begun = new AtomicInteger();
        Eventually.within(SOON, () -> {
            begin(containers, begun.incrementAndGet());
            Eventually.within(Duration.ofMillis(200), () -> assertThat(newLogs).hasPositiveValue());
        });
    }

    @Test
    void logThatDockerBeginsIsHandedOutOnce() throws Exception {
        DockerLogThread heard = start(Optional::empty);
        Path containers = folder.resolve("containers");
        heard.listenTo(containers);
        Files.createDirectory(containers);
        // It is looked for again when something else is named.
        heard.listenTo(folder);
        awaitHeard(containers);
        // What made sure that it listens.
        for (NewDockerLog log = heard.nextNewLog(); log != null; log = heard.nextNewLog()) {
            log.held().close();
        }
        int before = newLogs.get();

        Path log = begin(containers, 1_000_000);

        Eventually.within(SOON, () -> assertThat(newLogs).hasValue(before + 1));
        NewDockerLog found = Objects.requireNonNull(heard.nextNewLog());
        found.held().close();
        assertThat(found.containerId()).isEqualTo("%064x".formatted(1_000_000));
        assertThat(found.file()).isEqualTo(log);
        assertThat(heard.nextNewLog()).isNull();
        assertThat(heard.dropped()).isZero();
        assertThat(heard.degraded()).isEmpty();
    }

    @Test
    void engineTellsWhereItsLogsAreAndIsAskedUntilItDoes() {
        AtomicInteger asked = new AtomicInteger();
        DockerLogThread heard = start(() -> asked.incrementAndGet() < 3 ? Optional.empty() : Optional.of(folder));
        Eventually.within(SOON, () -> {
            heard.listenTo(Path.of("/nonexistent", Integer.toString(asked.get())));
            assertThat(asked).hasValueGreaterThanOrEqualTo(3);
        });
        awaitHeard(folder);
        heard.listenTo(Path.of("/nonexistent/more"));

        assertThat(asked).hasValue(3);
    }

    @Test
    void filesThatNobodyTookAreClosedWithIt() {
        DockerLogThread heard = start(() -> Optional.of(folder));
        awaitHeard(folder);
        assertThat(openBelow(folder)).isPositive();

        heard.close();

        Eventually.within(SOON, () -> assertThat(openBelow(folder)).isZero());
    }

    private static long openBelow(Path folder) {
        long open = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                open += Files.isSymbolicLink(descriptor) && target(descriptor).startsWith(folder + "/") ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
