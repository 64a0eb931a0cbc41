package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.agentBeside;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.HangingDisk;
import io.nodetelemetry.testing.LoopDisk;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.Scrape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of real containers on real disks: loop devices with ext4, and a file system that hangs. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class DisksIT {
    private static final String PREFIX = "container_resources_disk_";
    /** A container's mounts are looked at often in its first seconds only. */
    private static final Duration SOON = Duration.ofSeconds(90);

    private static final long DD_BYTES = 32 * 65_536;

    @TempDir
    private Path folder = Path.of("");

    /**
     * On cgroup v1 since Linux 6.10 the kernel counts the I/O on a disk once any cgroup has a limit on it; this one
     * limits nothing.
     */
    private static List<String> counted(LoopDisk disk) {
        return List.of("--device-write-bps", "/dev/" + disk.device() + ":100gb");
    }

    private static String[] writer(String... commands) {
        return new String[] {"sh", "-c", String.join("; ", commands) + "; echo written; exec sleep 1000"};
    }

    private static String dd(String file) {
        return "dd if=/dev/zero of=" + file + " bs=65536 count=32 oflag=direct conv=fsync 2>/dev/null || exit 1";
    }

    private static OptionalLong value(Scrape scrape, String metric, String container, String device, String place) {
        OptionalDouble found = scrape.value(
                PREFIX + metric,
                "container_id",
                "/docker/" + container,
                "device",
                device,
                "mount_point",
                place,
                "provisioner",
                "",
                "volume",
                "");
        // Whole numbers below 2^53: exact.
        return found.isPresent() ? OptionalLong.of((long) found.getAsDouble()) : OptionalLong.empty();
    }

    /** As {@code df} counts: all, used, and what only root may use. */
    private static void assertSizes(Scrape scrape, String container, String device, String place, Path mounted) {
        String[] stat = Command.run(List.of("stat", "-f", "-c", "%S %b %f %a", mounted.toString()))
                .succeeded()
                .out()
                .strip()
                .split(" ", 4);
        long unit = Long.parseLong(stat[0]);
        long free = Long.parseLong(stat[2]);
        assertThat(value(scrape, "size_bytes", container, device, place)).hasValue(unit * Long.parseLong(stat[1]));
        assertThat(value(scrape, "used_bytes", container, device, place))
                .hasValue(unit * (Long.parseLong(stat[1]) - free));
        assertThat(value(scrape, "reserved_bytes", container, device, place))
                .hasValue(unit * (free - Long.parseLong(stat[3])));
    }

    /** The cgroup's own counters of the disk: v1 files have a row per kind of I/O, v2 one per device. */
    private static Map<String, Long> kernelsCounters(Container container, String device) throws IOException {
        String group = "/docker/" + container.id();
        Path v1 = Path.of("/sys/fs/cgroup/blkio" + group);
        if (Files.isDirectory(v1)) {
            Path bytes = v1.resolve("blkio.throttle.io_service_bytes");
            Path operations = v1.resolve("blkio.throttle.io_serviced");
            return Map.of(
                    "read_bytes_total", v1Row(bytes, device + " Read "),
                    "written_bytes_total", v1Row(bytes, device + " Write "),
                    "reads_total", v1Row(operations, device + " Read "),
                    "writes_total", v1Row(operations, device + " Write "));
        }
        Path v2 = Files.isDirectory(Path.of("/sys/fs/cgroup" + group))
                ? Path.of("/sys/fs/cgroup" + group)
                : Path.of("/sys/fs/cgroup/system.slice/docker-" + container.id() + ".scope");
        String row = Files.readString(v2.resolve("io.stat"))
                .lines()
                .filter(line -> line.startsWith(device + " "))
                .findFirst()
                .orElseThrow();
        return Map.of(
                "read_bytes_total", v2Field(row, " rbytes="),
                "written_bytes_total", v2Field(row, " wbytes="),
                "reads_total", v2Field(row, " rios="),
                "writes_total", v2Field(row, " wios="));
    }

    private static long v1Row(Path file, String prefix) throws IOException {
        return Files.readString(file)
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(line.substring(prefix.length())))
                .findFirst()
                .orElseThrow();
    }

    private static long v2Field(String row, String name) {
        String rest = row.substring(row.indexOf(name) + name.length());
        return Long.parseLong(rest.split(" ", 2)[0]);
    }

    private static void assertCounters(Scrape scrape, Container container, LoopDisk disk, String place)
            throws IOException {
        Map<String, Long> expected = kernelsCounters(container, disk.deviceNumber());
        assertThat(expected.get("written_bytes_total")).isGreaterThanOrEqualTo(DD_BYTES);
        for (Map.Entry<String, Long> counter : expected.entrySet()) {
            assertThat(value(scrape, counter.getKey(), container.name(), disk.device(), place))
                    .as(counter.getKey())
                    .hasValue(counter.getValue());
        }
    }

    @Test
    void bindMountAndNamedVolumeHaveSizesAndTheIoOfTheirDisk(DockerEngine docker) {
        try (LoopDisk disk = LoopDisk.whole(folder)) {
            Path bound = disk.mountPoint().resolve("bound dir");
            Path named = disk.mountPoint().resolve("named");
            Command.run(List.of("mkdir", bound.toString(), named.toString())).succeeded();
            docker.docker(List.of(
                            "volume",
                            "create",
                            "--opt",
                            "type=none",
                            "--opt",
                            "o=bind",
                            "--opt",
                            "device=" + named,
                            "disks-it"))
                    .succeeded();
            try (AgentProcess agent = agentBeside(docker)) {
                List<String> options = new ArrayList<>(counted(disk));
                options.addAll(List.of("--volume", bound + ":/bound dir", "--volume", "disks-it:/named"));
                Container container = docker.start("disk-writer", options, writer(dd("'/bound dir/file'")))
                        .awaitOutput("written");

                Eventually.within(SOON, () -> {
                    Scrape scrape = agent.scrape();
                    for (String place : List.of("/bound dir", "/named")) {
                        assertSizes(scrape, "disk-writer", disk.device(), place, disk.mountPoint());
                        assertCounters(scrape, container, disk, place);
                    }
                });
                // Single files that docker mounts, on a disk though they are.
                assertThat(agent.scrape().series(PREFIX + "size_bytes", "mount_point", "/etc/hosts"))
                        .isEmpty();
                long last = kernelsCounters(container, disk.deviceNumber()).getOrDefault("written_bytes_total", -1L);
                container.remove();
                assertThat(value(agent.scrape(), "written_bytes_total", "disk-writer", disk.device(), "/named"))
                        .hasValue(last);
            } finally {
                docker.removeAll();
                docker.docker(List.of("volume", "rm", "disks-it")).succeeded();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void volumeOnAPartitionHasTheIoOfTheWholeDisk(DockerEngine docker) {
        try (LoopDisk disk = LoopDisk.partitioned(folder);
                AgentProcess agent = agentBeside(docker)) {
            List<String> options = new ArrayList<>(counted(disk));
            options.addAll(List.of("--volume", disk.mountPoint() + ":/data"));
            try {
                Container container = docker.start("part-writer", options, writer(dd("/data/file")))
                        .awaitOutput("written");

                Eventually.within(SOON, () -> {
                    Scrape scrape = agent.scrape();
                    assertSizes(scrape, "part-writer", disk.device(), "/data", disk.mountPoint());
                    assertCounters(scrape, container, disk, "/data");
                });
            } finally {
                docker.removeAll();
            }
        }
    }

    @Test
    void writtenHostFolderIsShownThoughItIsNoVolumeOfTheRuntime(DockerEngine docker) {
        try (LoopDisk disk = LoopDisk.whole(folder);
                AgentProcess agent = AgentProcess.start("--docker-socket=" + folder.resolve("absent.sock"))) {
            try {
                Container container = docker.start(
                        "open-writer",
                        List.of("--volume", disk.mountPoint() + ":/data"),
                        "sh",
                        "-c",
                        "exec 3>/data/log; echo open; exec sleep 1000");
                container.awaitOutput("open");

                Eventually.within(
                        SOON,
                        () -> assertThat(agent.scrape()
                                        .series(
                                                PREFIX + "used_bytes",
                                                "container_id",
                                                "/docker/" + container.id(),
                                                "device",
                                                disk.device(),
                                                "mount_point",
                                                "/data"))
                                .hasSize(1));
            } finally {
                docker.removeAll();
            }
        }
    }

    @Test
    void hangingFileSystemCostsItsOwnSizesAlone(DockerEngine docker) {
        try (LoopDisk disk = LoopDisk.whole(folder);
                HangingDisk hanging = HangingDisk.mount(folder)) {
            List<String> options =
                    List.of("--volume", disk.mountPoint() + ":/fine", "--volume", hanging.mountPoint() + ":/hanging");
            docker.start("hang-writer", options, "sh", "-c", "exec 3>>/hanging/file; echo open; exec sleep 1000")
                    .awaitOutput("open");
            hanging.hang();
            try (AgentProcess agent = agentBeside(docker)) {
                Eventually.within(SOON, () -> {
                    Scrape scrape = agent.scrape();
                    assertSizes(scrape, "hang-writer", disk.device(), "/fine", disk.mountPoint());
                    assertThat(scrape.sum(
                                    "node_telemetry_drops_total", "source", "disks", "reason", "hanging_file_system"))
                            .isPositive();
                });
                assertThat(agent.scrape().series(PREFIX + "size_bytes", "mount_point", "/hanging"))
                        .isEmpty();

                hanging.answer();
                Eventually.within(
                        SOON,
                        () -> assertSizes(
                                agent.scrape(), "hang-writer", hanging.device(), "/hanging", hanging.mountPoint()));
            } finally {
                hanging.answer();
                docker.removeAll();
            }
        }
    }
}
