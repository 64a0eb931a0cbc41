package io.nodetelemetry.benchmarks;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.resources.ResourcesCollector;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One collection of CPU, memory and pressure of all containers, from files to tables. The files are copies of captured
 * ones on an ordinary file system: what the kernel takes to make up their content is left out.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "-XX:C1MaxInlineSize=60",
            "-XX:C1InlineStackLimit=14"
        })
public class CollectionBenchmark {
    private static final String CAPTURED = "a".repeat(64);

    /** Containers on the host. */
    @Param({"10", "100", "1000"})
    public int containers;

    /** A host with v1 controllers beside a cgroup2 (nine files per container), or with a cgroup2 alone (seven). */
    @Param({"hybrid-docker", "v2-docker"})
    public String host = "";

    private Path root = Path.of("");
    private ResourcesCollector collector = new ResourcesCollector(registry(), Duration.ofSeconds(5));

    private static ContainerRegistry registry() {
        return new ContainerRegistry(
                InstantSource.system(), ContainerLimits.of(4_096, Duration.ofSeconds(3), Duration.ofMinutes(10)));
    }

    /** Makes the host: as many copies of one captured container. */
    @Setup
    public void makeHost() throws Exception {
        root = Files.createTempDirectory("nt-collection");
        Path captured = fixtures().resolve(host);
        ContainerRegistry registry = registry();
        collector = new ResourcesCollector(registry, Duration.ofSeconds(5));
        try (Stream<Path> files = Files.walk(captured)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                copyForEach(file, captured.relativize(file).toString());
            }
        }
        for (int i = 0; i < containers; i++) {
            if (host.startsWith("v2")) {
                registry.cgroupCreated(
                        new CgroupRef(0, i + 1), new CgroupPath("/system.slice/docker-" + id(i) + ".scope"));
            } else {
                for (int hierarchy : new int[] {0, 1, 4}) {
                    registry.cgroupCreated(new CgroupRef(hierarchy, i + 1), new CgroupPath("/docker/" + id(i)));
                }
            }
            registry.metadata(
                    new ContainerKey(ContainerRuntime.DOCKER, id(i)),
                    Optional.of(ContainerMetadata.EMPTY.withName("container-" + i)));
        }
        collector.start(new CollectorContext(
                InstantSource.system(), root.resolve("proc"), root.resolve("sys"), root.resolve("cgroup")));
        int rows = collector.collect().getFirst().size();
        if (rows != containers) {
            throw new IllegalStateException(rows + " rows of " + containers + " containers");
        }
    }

    private void copyForEach(Path file, String name) throws IOException {
        int copies = name.contains(CAPTURED) ? containers : 1;
        for (int i = 0; i < copies; i++) {
            Path to = root.resolve(name.replace(CAPTURED, id(i)));
            Files.createDirectories(to.getParent());
            Files.copy(file, to);
        }
    }

    private static String id(int container) {
        return "%064x".formatted(container);
    }

    private static Path fixtures() throws URISyntaxException {
        Path classes = Path.of(CollectionBenchmark.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return classes.resolve("../../../node-telemetry-core/src/test/resources/cgroupfs")
                .normalize();
    }

    /** All containers. */
    @Benchmark
    public List<MetricTable> collect() throws Exception {
        return collector.collect();
    }

    /** Removes the host. */
    @TearDown
    public void removeHost() throws IOException {
        collector.close();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
