package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.procfs.DiskStats.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskStatsTest {
    private static Device named(String name) {
        return new Device(1, 2, name, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void diskOfThisMachineAmongLoopDevices() throws IOException {
        DiskStats stats =
                DiskStats.read(Path.of("src/test/resources/procfs/node")).orElseThrow();

        assertThat(stats.devices()).hasSize(10);
        assertThat(stats.devices())
                .filteredOn(Device::isWholeDisk)
                .containsExactly(new Device(
                        254,
                        0,
                        "vda",
                        791_101L,
                        43_795_938L * 512,
                        1_146_341L,
                        511_950L,
                        29_841_336L * 512,
                        200_154L,
                        116_088L));
    }

    @Test
    void rowsOfEveryKernelAreRead() {
        String fourteen = " 8 0 sda 1 0 2 3 4 0 5 6 0 7 8\n";
        String eighteen = " 8 16 sdb 1 0 2 3 4 0 5 6 0 7 8 9 9 9 9\n";
        String twentyOne = " 259 0 nvme0n1 1 0 2 3 4 0 5 6 0 7 8 9 9 9 9 9 9 future\n";

        assertThat(DiskStats.parse(fourteen + eighteen + twentyOne).devices())
                .containsExactly(
                        new Device(8, 0, "sda", 1, 1_024, 3, 4, 2_560, 6, 7),
                        new Device(8, 16, "sdb", 1, 1_024, 3, 4, 2_560, 6, 7),
                        new Device(259, 0, "nvme0n1", 1, 1_024, 3, 4, 2_560, 6, 7));
    }

    @Test
    void rowsThatAreMalformedAreLeftOut() {
        assertThat(DiskStats.parse("").devices()).isEmpty();
        assertThat(DiskStats.parse(" 8 0 sda 1 0 2 3 4 0 5 6 0 7 8").devices())
                .as("cut off")
                .isEmpty();
        String rows = """

                 8 0 sda 1 0 2 3 4 0 5 6 0 7
                 x 0 sdb 1 0 2 3 4 0 5 6 0 7 8
                 8 0 sdc -1 0 2 3 4 0 5 6 0 7 8
                 8 0 sdd 1 0 9223372036854775807 3 4 0 5 6 0 7 8
                 8 0 sde 1 0 2 3 4 0 5 6 0 7 8
                """;
        assertThat(DiskStats.parse(rows).devices()).extracting(Device::name).isEqualTo(List.of("sde"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sda",
                "sdaa",
                "hdb",
                "vda",
                "xvdf",
                "xvdba",
                "dm-0",
                "dm-12",
                "md0",
                "md127",
                "nvme0n1",
                "nvme10n12",
                "rbd3",
                "mmcblk0"
            })
    void wholeDisks(String name) {
        assertThat(named(name).isWholeDisk()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sda1",
                "sdaa2",
                "vda15",
                "xvda1",
                "md0p1",
                "nvme0n1p1",
                "nvme0c0n1",
                "rbd3p1",
                "mmcblk0p1",
                "mmcblk0boot0",
                "loop0",
                "ram0",
                "zram0",
                "sr0",
                "fd0",
                "nbd0",
                "sd",
                "SDA",
                ""
            })
    void partitionsLoopDevicesAndMemoryAreNoWholeDisks(String name) {
        assertThat(named(name).isWholeDisk()).isFalse();
    }

    @Test
    void machineWithoutTheFileHasNone(@TempDir Path procRoot) throws IOException {
        assertThat(DiskStats.read(procRoot)).isEmpty();
    }
}
