package io.nodetelemetry.internal.source.cgroupfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.KernelText;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.DeviceNumber;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupIoTest {
    private static final Path FIXTURES = Path.of("src/test/resources/cgroupfs");
    private static final String LIMITED = "a".repeat(64);
    private static final DeviceNumber VDA = new DeviceNumber(254, 0);

    @TempDir
    private Path directory = Path.of("");

    private static Optional<IoCounters> read(Path host, Map<CgroupRef, CgroupPath> cgroups) throws Exception {
        try (CgroupIo io = CgroupIo.open(host.resolve("cgroup"), host.resolve("proc"))) {
            return io.read(cgroups);
        }
    }

    private static Map<CgroupRef, CgroupPath> cgroup(int hierarchy, String path) {
        return Map.of(new CgroupRef(hierarchy, 7), new CgroupPath(path));
    }

    @Test
    void v1CountersAreThoseOfTheThrottlePolicy() throws Exception {
        assertThat(read(FIXTURES.resolve("hybrid-docker"), cgroup(4, "/docker/" + LIMITED)))
                .contains(new IoCounters(Map.of(VDA, new IoCounters.Device(34, 1_245_184, 10, 655_360))));
    }

    @Test
    void containerWithoutIoHasNoDevices() throws Exception {
        assertThat(read(FIXTURES.resolve("hybrid-docker"), cgroup(1, "/docker/" + "b".repeat(64))))
                .contains(new IoCounters(Map.of()));
    }

    @Test
    void v2CountersAreThoseOfIoStat() throws Exception {
        Optional<IoCounters> counters = read(FIXTURES.resolve("v2-docker"), cgroup(0, "/system.slice/docker.service"));

        assertThat(counters.orElseThrow().device(VDA)).contains(new IoCounters.Device(765, 72_327_168, 192, 679_936));
        assertThat(counters.orElseThrow().devices()).containsOnlyKeys(VDA, new DeviceNumber(254, 16));
        assertThat(counters.orElseThrow().device(new DeviceNumber(7, 0))).isEmpty();
    }

    @Test
    void outermostCgroupStandsForTheContainer() throws Exception {
        String scope = "/system.slice/docker-" + LIMITED + ".scope";

        assertThat(read(
                        FIXTURES.resolve("v2-docker"),
                        Map.of(
                                new CgroupRef(0, 8), new CgroupPath(scope + "/inner"),
                                new CgroupRef(0, 7), new CgroupPath(scope))))
                .contains(new IoCounters(Map.of(VDA, new IoCounters.Device(20, 1_748_992, 0, 0))));
    }

    @Test
    void hybridContainerWithoutBlkioIsLookedForInV2() throws Exception {
        Path cgroup = directory.resolve("cgroup");
        for (String v1 : new String[] {"memory", "blkio"}) {
            Files.createDirectories(cgroup.resolve(v1));
            Files.createFile(cgroup.resolve(v1).resolve("tasks"));
        }
        Path unit = Files.createDirectories(cgroup.resolve("unified/system.slice/a b.service"));
        Files.createFile(cgroup.resolve("unified/cgroup.controllers"));
        Files.writeString(unit.resolve("io.stat"), "8:0 rbytes=1 wbytes=2 rios=3 wios=4\n");
        Files.createDirectories(directory.resolve("proc/self"));
        Files.writeString(directory.resolve("proc/self/cgroup"), "4:memory:/\n7:blkio:/\n0::/\n");
        CgroupPath path = new CgroupPath("/system.slice/a b.service");

        assertThat(read(directory, Map.of(new CgroupRef(0, 1), path, new CgroupRef(4, 2), path)))
                .contains(new IoCounters(Map.of(new DeviceNumber(8, 0), new IoCounters.Device(3, 1, 4, 2))));
    }

    @Test
    void goneContainerHasNone() throws Exception {
        assertThat(read(FIXTURES.resolve("v2-docker"), cgroup(0, "/system.slice/gone")))
                .isEmpty();
        assertThat(read(FIXTURES.resolve("v2-docker"), Map.of())).isEmpty();
        assertThat(read(FIXTURES.resolve("v2-docker"), cgroup(0, "/../proc"))).isEmpty();
    }

    @Test
    void devicesWithoutCountersAndUnknownKeysArePassedOver() {
        assertThat(IoStat.parse(KernelText.of("""
                        7:1\s
                        7:7 7:6 254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6 cost.usage=9
                        8:16 rbytes=1 wbytes=2 rios=3
                        8:32 cost.usage=5 cost.vrate=100.00
                        8:48 rbytes=max wbytes=2 rios=3 wios=4
                        99999:0 rbytes=1 wbytes=2 rios=3 wios=4
                        (unknown) rbytes=1 wbytes=2 rios=3 wios=4
                        8:64 wios=1 rios=2 wbytes=3 rbytes=9223372036854775807
                        8:80 rbytes=1 wbytes=2 rios=3 wios=4""")))
                .isEqualTo(new IoCounters(Map.of(
                        VDA,
                        new IoCounters.Device(3, 1, 4, 2),
                        new DeviceNumber(8, 64),
                        new IoCounters.Device(2, Long.MAX_VALUE, 1, 3))));
    }

    @Test
    void throttleDevicesNeedReadsAndWrites() {
        BlkioThrottle operations = BlkioThrottle.parse(KernelText.of("""
                8:0 Read 1
                8:0 Write 2
                8:0 Sync 9
                8:16 Read 3
                8:32 Write x
                8:32 Read 4
                Total 9
                """));
        BlkioThrottle bytes =
                BlkioThrottle.parse(KernelText.of("8:16 Read 5\n8:16 Write 6\n8:0 Write 20\n8:0 Read 10\nTotal\n\n"));

        assertThat(operations.devices()).containsOnlyKeys(new DeviceNumber(8, 0));
        assertThat(operations.with(bytes))
                .isEqualTo(new IoCounters(Map.of(new DeviceNumber(8, 0), new IoCounters.Device(1, 10, 2, 20))));
    }

    @Test
    void anyBytesAreParsed() {
        Random random = new Random(11);
        byte[] alphabet = "0123456789:= \nReadWriterbyteswios".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(9) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            KernelText text = new KernelText();
            text.wrap(bytes, bytes.length);
            assertThat(IoStat.parse(text).devices().values()).allMatch(device -> device.reads() >= 0);
            text.rewind();
            assertThat(BlkioThrottle.parse(text).devices().values()).allMatch(device -> device.writes() >= 0);
        }
    }
}
