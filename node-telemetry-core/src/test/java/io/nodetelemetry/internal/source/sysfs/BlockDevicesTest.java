package io.nodetelemetry.internal.source.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDevicesTest {
    private static final Path TREE = Path.of("src/test/resources/sysfs/block/tree");

    @TempDir
    private Path sysRoot = Path.of("");

    @BeforeEach
    void plant() throws IOException {
        for (String line : Files.readAllLines(TREE)) {
            String[] link = line.split(" -> ", 2);
            String[] file = line.split(" = ", 2);
            Path path = sysRoot.resolve(link.length == 2 ? link[0] : file[0]);
            Files.createDirectories(path.getParent());
            if (link.length == 2) {
                Files.createSymbolicLink(path, Path.of(link[1]));
            } else {
                Files.writeString(path, file[1] + "\n");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "254:0, vda, 254:0",
        "7:0, loop0, 7:0",
        "259:0, loop0, 7:0",
        "8:0, sda, 8:0",
        "8:1, sda, 8:0",
        "65:160, sdaa, 65:160",
        "259:3, nvme0n1, 259:1",
        "179:1, mmcblk0, 179:0",
        "253:0, dm-0, 253:0",
        "9:0, md0, 9:0",
        "259:9, md0, 9:0",
        "104:1, cciss/c0d0, 104:0",
    })
    void partitionLeadsToItsDiskAndADiskToItself(String number, String name, String disk) {
        assertThat(new BlockDevices(sysRoot)
                        .wholeDisk(DeviceNumber.parse(number).orElseThrow()))
                .contains(new BlockDevice(name, DeviceNumber.parse(disk).orElseThrow()));
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/sda3, sda",
        "/dev/vda, vda",
        "/dev/loop0p1, loop0",
        "/dev/mapper/vg-home, dm-0",
        "/dev/cciss/c0d0p1, cciss/c0d0",
    })
    void pathOfADeviceLeadsToItsDisk(String path, String name) {
        assertThat(new BlockDevices(sysRoot).wholeDisk(path).map(BlockDevice::name))
                .contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/dev/",
                "/dev/..",
                "/dev/../sda",
                "/dev/none",
                "/dev/mapper/none",
                "tank/data",
                "10.0.0.1:/export",
                "/dev/a\u0000b"
            })
    void anythingElseHasNoDisk(String path) {
        assertThat(new BlockDevices(sysRoot).wholeDisk(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0:44", "8:77", "8:99", "8:98"})
    void numberWithoutADeviceHasNoDisk(String number) {
        assertThat(new BlockDevices(sysRoot)
                        .wholeDisk(DeviceNumber.parse(number).orElseThrow()))
                .isEmpty();
    }

    @Test
    void withoutSysfsThereAreNone(@TempDir Path empty) {
        assertThat(new BlockDevices(empty).wholeDisk(new DeviceNumber(8, 0))).isEmpty();
        assertThat(new BlockDevices(empty).wholeDisk("/dev/mapper/x")).isEmpty();
    }

    @Test
    void anyPathIsTaken() {
        Random random = new Random(5);
        BlockDevices devices = new BlockDevices(sysRoot);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder path = new StringBuilder("/dev/");
            for (int length = random.nextInt(12); length > 0; length--) {
                path.append("/.a!sd\u0000ä\ud800m0".charAt(random.nextInt(11)));
            }
            assertThat(devices.wholeDisk(path.toString()).map(BlockDevice::name).orElse("sda"))
                    .isEqualTo("sda");
        }
    }
}
