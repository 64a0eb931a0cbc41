package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers that come and go, some hundreds a minute, leave nothing behind in the agent. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class ChurnIT {
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration CHURN = Duration.ofSeconds(25);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int AT_ONCE = 4;

    private record Footprint(long kibibytes, long threads, long files) {
        static Footprint of(long pid) throws IOException {
            try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
                return new Footprint(status(pid, "VmRSS:"), status(pid, "Threads:"), open.count());
            }
        }

        private static long status(long pid, String field) throws IOException {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void memoryThreadsAndFilesStayFlat(DockerEngine docker) throws Exception {
        try (AgentProcess agent = Connects.agentBeside(docker)) {
            AtomicInteger next = new AtomicInteger();
            churn(docker, next, WARM_UP);
            awaitAll(agent, next.get());
            Footprint before = Footprint.of(agent.pid());
            int warm = next.get();

            churn(docker, next, CHURN);
            awaitAll(agent, next.get());

            assertThat(next.get() - warm).as("containers that came and went").isGreaterThan(20);
            // What is open for a moment, as for a scrape or for another container of the machine, is no leak: a leak
            // stays.
            Eventually.within(LIMIT, () -> {
                Footprint after = Footprint.of(agent.pid());
                assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 2);
                assertThat(after.files()).as("open files").isLessThanOrEqualTo(before.files() + 4);
                assertThat(after.kibibytes())
                        .as("resident memory, KiB")
                        .isLessThanOrEqualTo(before.kibibytes() + 16_384);
            });
            assertThat(agent.scrape().sum("node_telemetry_drops_total", "source", "containers"))
                    .isZero();
        }
    }

    private static void churn(DockerEngine docker, AtomicInteger next, Duration time) throws Exception {
        long deadline = System.nanoTime() + time.toNanos();
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                runs.add(pool.submit(() -> {
                    while (System.nanoTime() - deadline < 0) {
                        docker.run("churn-" + next.getAndIncrement(), List.of("--rm", "--network", "none"), "true");
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
    }

    /** Each of them is known and has ended: none is forgotten before the retention, and none was missed. */
    private static void awaitAll(AgentProcess agent, int made) {
        Eventually.within(
                LIMIT,
                () -> assertThat(agent.scrape().sum("node_telemetry_containers", "state", "ended"))
                        .isGreaterThanOrEqualTo(made));
    }
}
