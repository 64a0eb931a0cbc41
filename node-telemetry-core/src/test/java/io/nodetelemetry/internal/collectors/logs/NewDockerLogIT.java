package io.nodetelemetry.internal.collectors.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers of a real engine that are removed with their logs as soon as they have said one line. */
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
final class NewDockerLogIT {
    private static final int CONTAINERS = 12;

    private final Map<String, InputStream> open = new ConcurrentHashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    @Test
    void logOfAContainerThatIsGoneAtOnceCanBeRead(DockerEngine docker) throws Exception {
        Path log = Path.of(docker.docker(List.of(
                        "inspect",
                        "--format",
                        "{{.LogPath}}",
                        docker.start("new-log", "sleep", "1000").id()))
                .succeeded()
                .out()
                .strip());
        DockerLogThread[] thread = new DockerLogThread[1];
        thread[0] = new DockerLogThread(Optional::empty, () -> hold(thread[0]));
        try (DockerLogThread running = thread[0];
                var clients = Executors.newFixedThreadPool(2)) {
            Path containers = log.resolve("../..").normalize();
            running.listenTo(containers);
            running.start();
            awaitListening(running, containers);

            List<Future<String>> said = IntStream.range(0, CONTAINERS)
                    .mapToObj(
                            i -> clients.submit(() -> docker.run("new-log-" + i, List.of("--rm"), "echo", "line " + i)))
                    .toList();
            for (Future<String> each : said) {
                assertThat(each.get()).startsWith("line ");
            }

            Eventually.within(Duration.ofSeconds(60), () -> assertThat(open).hasSize(CONTAINERS));
            for (int i = 0; i < CONTAINERS; i++) {
                String line = "\"log\":\"line " + i + "\\n\"";
                assertThat(texts()).filteredOn(text -> text.contains(line)).hasSize(1);
            }
            assertThat(running.dropped()).isZero();
        }
    }

    private void awaitListening(DockerLogThread thread, Path containers) {
        Path probe = containers.resolve("f".repeat(64));
        Eventually.within(Duration.ofSeconds(60), () -> {
            Files.createDirectory(probe);
            Path log = Files.createFile(probe.resolve(probe.getFileName() + "-json.log"));
            try {
                Eventually.within(Duration.ofMillis(500), () -> assertThat(open).containsKey("f".repeat(64)));
            } finally {
                Files.delete(log);
                Files.delete(probe);
            }
        });
        open.clear();
        assertThat(thread.nextNewLog()).isNull();
    }

    private void hold(DockerLogThread thread) {
        for (NewDockerLog log = thread.nextNewLog(); log != null; log = thread.nextNewLog()) {
            try {
                log.held().close();
                open.put(log.containerId(), Files.newInputStream(log.file()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private List<String> texts() throws IOException {
        for (Map.Entry<String, InputStream> each : open.entrySet()) {
            if (!texts.containsKey(each.getKey())) {
                texts.put(each.getKey(), new String(each.getValue().readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return List.copyOf(texts.values());
    }
}
