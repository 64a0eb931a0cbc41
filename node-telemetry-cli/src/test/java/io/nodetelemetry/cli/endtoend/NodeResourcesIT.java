package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The node's resources beside what other programs say of them. A counter that grows all the time is caught between two
 * readings of ours: the agent's value, taken between them, is at least the first and at most the second.
 */
@RequiresKernel
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeResourcesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private final AgentProcess agent = AgentProcess.start();

    @AfterAll
    void stop() {
        agent.close();
    }

    private interface Reading {
        double now() throws IOException;
    }

    /** Waits for a value of the agent that is as new as our first reading, and reads again. */
    private void assertCaught(Reading ours, ToDoubleFunction<Scrape> theirs) throws IOException {
        double first = ours.now();
        double[] caught = new double[1];
        Eventually.within(SOON, () -> {
            caught[0] = theirs.applyAsDouble(agent.scrape());
            assertThat(caught[0]).isGreaterThanOrEqualTo(first);
        });
        assertThat(caught[0]).isLessThanOrEqualTo(ours.now());
    }

    private static ToDoubleFunction<Scrape> metric(String name, String... labels) {
        return scrape -> scrape.value(name, labels).orElseThrow();
    }

    private static String run(String... command) {
        return Command.run(List.of(command)).succeeded().out().strip();
    }

    private static String[] line(String file, String beginning) throws IOException {
        return Files.readString(Path.of(file))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow()
                .split("\\s+", -1);
    }

    @Test
    void cpuTimesAreThoseOfTheKernelInSecondsOfItsClock() throws IOException {
        double ticks = Double.parseDouble(run("getconf", "CLK_TCK"));
        Map<String, Integer> columns = Map.of("user", 1, "nice", 2, "system", 3, "irq", 6, "softirq", 7, "steal", 8);
        for (Map.Entry<String, Integer> mode : columns.entrySet()) {
            assertCaught(
                    () -> Double.parseDouble(line("/proc/stat", "cpu ")[mode.getValue()]) / ticks,
                    metric("node_resources_cpu_usage_seconds_total", "mode", mode.getKey()));
        }
        assertThat(agent.scrape().series("node_resources_cpu_usage_seconds_total"))
                .extracting(series -> series.labels().get("mode"))
                .containsExactlyInAnyOrder("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal");
    }

    @Test
    void coresAreThoseThatAreOnline() {
        assertThat(metric("node_resources_cpu_logical_cores").applyAsDouble(agent.scrape()))
                .isEqualTo(Double.parseDouble(run("getconf", "_NPROCESSORS_ONLN")));
    }

    @Test
    void memoryIsWhatFreeShows() {
        Eventually.within(Duration.ofSeconds(60), () -> {
            Scrape scrape = agent.scrape();
            // Mem: total used free shared buff/cache available
            String[] mem = run("free", "-b")
                    .lines()
                    .filter(line -> line.startsWith("Mem:"))
                    .findFirst()
                    .orElseThrow()
                    .split("\\s+", -1);
            assertThat(metric("node_resources_memory_total_bytes").applyAsDouble(scrape))
                    .isEqualTo(Double.parseDouble(mem[1]));
            // These two move all the time.
            double tolerance = 64 << 20;
            assertThat(metric("node_resources_memory_free_bytes").applyAsDouble(scrape) - Double.parseDouble(mem[3]))
                    .isBetween(-tolerance, tolerance);
            assertThat(metric("node_resources_memory_available_bytes").applyAsDouble(scrape)
                            - Double.parseDouble(mem[6]))
                    .isBetween(-tolerance, tolerance);
        });
    }

    @Test
    void uptimeGoesOn() throws IOException {
        assertCaught(
                () -> Double.parseDouble(
                        Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0]),
                metric("node_uptime_seconds"));
    }

    @Test
    void disksAreTheWholeOnes() {
        List<String> disks = run("lsblk", "-dn", "-o", "NAME,TYPE")
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[1].equals("disk") && !columns[0].matches("(zram|ram|nbd|loop)\\d+"))
                .map(columns -> columns[0])
                .toList();

        assertThat(agent.scrape().series("node_resources_disk_reads_total"))
                .extracting(series -> series.labels().get("device"))
                .containsAll(disks)
                .allMatch(device -> Files.isDirectory(Path.of("/sys/block", device)))
                .noneMatch(device -> device.matches("(zram|ram|loop)\\d+"));
    }

    @Test
    void directWritesAndReadsAreCountedByTheirDisk() throws IOException {
        Path file = Files.createTempFile(Path.of("target"), "node-resources-it", ".direct");
        try {
            String disk = diskOf(file);
            ToDoubleFunction<Scrape> written = metric("node_resources_disk_written_bytes_total", "device", disk);
            ToDoubleFunction<Scrape> read = metric("node_resources_disk_read_bytes_total", "device", disk);
            Scrape before = agent.scrape();
            double bytes = 32 << 20;

            run("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=32", "oflag=direct", "conv=fsync");
            run("dd", "if=" + file, "of=/dev/null", "bs=1M", "iflag=direct");

            // Bytes are written at once, though the write is counted when it is done.
            assertCaught(() -> column(disk, 9) * 512, written);
            assertCaught(() -> column(disk, 5) * 512, read);
            assertCaught(() -> column(disk, 3), metric("node_resources_disk_reads_total", "device", disk));
            assertCaught(() -> column(disk, 7), metric("node_resources_disk_writes_total", "device", disk));
            assertCaught(
                    () -> column(disk, 6) / 1e3, metric("node_resources_disk_read_time_seconds_total", "device", disk));
            assertCaught(
                    () -> column(disk, 10) / 1e3,
                    metric("node_resources_disk_write_time_seconds_total", "device", disk));
            assertCaught(
                    () -> column(disk, 12) / 1e3, metric("node_resources_disk_io_time_seconds_total", "device", disk));
            Scrape after = agent.scrape();
            assertThat(written.applyAsDouble(after) - written.applyAsDouble(before))
                    .isGreaterThanOrEqualTo(bytes);
            assertThat(read.applyAsDouble(after) - read.applyAsDouble(before)).isGreaterThanOrEqualTo(bytes);
        } finally {
            Files.delete(file);
        }
    }

    /** A partition's directory in sysfs lies in that of its disk. */
    private static String diskOf(Path file) throws IOException {
        String source = run("findmnt", "-n", "-o", "MAJ:MIN", "-T", file.toString());
        Path device = Path.of("/sys/dev/block", source.strip()).toRealPath();
        Path disk = Files.exists(device.resolve("partition")) ? device.getParent() : device;
        return String.valueOf(disk == null ? device : disk.getFileName());
    }

    private static double column(String disk, int index) throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/diskstats"))
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[2].equals(disk))
                .findFirst()
                .orElseThrow()[index]);
    }

    @Test
    void pressureIsThatOfTheKernelWhereItIsAccounted() throws IOException {
        Pattern total = Pattern.compile("total=(\\d+)");
        for (String resource : List.of("cpu", "memory", "io")) {
            Path file = Path.of("/proc/pressure", resource);
            String name = "node_resources_" + resource + "_pressure_waiting_seconds_total";
            List<String> kinds = new ArrayList<>();
            if (Files.isReadable(file)) {
                for (String line : Files.readAllLines(file)) {
                    String kind = line.substring(0, line.indexOf(' '));
                    kinds.add(kind);
                    assertCaught(
                            () -> {
                                Matcher matcher = total.matcher(String.join(" ", line(file.toString(), kind)));
                                return matcher.find() ? Double.parseDouble(matcher.group(1)) / 1e6 : Double.NaN;
                            },
                            metric(name, "kind", kind));
                }
            }
            assertThat(agent.scrape().series(name))
                    .extracting(series -> series.labels().get("kind"))
                    .containsExactlyInAnyOrderElementsOf(kinds);
        }
    }
}
