package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.procfs.MountInfo.Mount;
import io.nodetelemetry.model.DeviceNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountInfoTest {
    private static final Path FIXTURES = Path.of("src/test/resources/procfs/mountinfo");

    private static MountInfo fixture(String name) throws IOException {
        return MountInfo.parse(Files.readString(FIXTURES.resolve(name)));
    }

    private static Mount at(MountInfo info, String mountPoint) {
        return info.visible().stream()
                .filter(mount -> mount.mountPoint().equals(mountPoint))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rootOfTheMachine() throws IOException {
        assertThat(at(fixture("host-vda"), "/"))
                .isEqualTo(new Mount(27, 1, new DeviceNumber(254, 0), "/", "/", "ext4", "/dev/vda"));
    }

    @Test
    void volumesOfAContainer() throws IOException {
        MountInfo docker = fixture("docker");

        assertThat(docker.mounts()).hasSize(31);
        assertThat(docker.mounts().stream()
                        .filter(mount -> mount.device().major() != 0)
                        .map(mount -> mount.mountPoint() + " < " + mount.root()))
                .containsExactly(
                        "/data dir < /srv/host dir",
                        "/named < /var/lib/docker/volumes/named/_data",
                        "/etc/resolv.conf < /var/lib/docker/containers/" + "a1b2c3d4".repeat(8) + "/resolv.conf",
                        "/etc/hostname < /var/lib/docker/containers/" + "a1b2c3d4".repeat(8) + "/hostname",
                        "/etc/hosts < /var/lib/docker/containers/" + "a1b2c3d4".repeat(8) + "/hosts");
        assertThat(at(docker, "/").fsType()).isEqualTo("overlay");
    }

    @Test
    void volumesOfAPod() throws IOException {
        assertThat(at(fixture("pod"), "/var/lib/postgresql/data"))
                .isEqualTo(new Mount(
                        2418, 2410, new DeviceNumber(259, 5), "/", "/var/lib/postgresql/data", "ext4", "/dev/nvme1n1"));
    }

    @Test
    void escapesAreDecoded() throws IOException {
        Mount mount = at(fixture("hand-made"), "/a b\tc\nd\\e");

        assertThat(mount.root()).isEqualTo("/with blank\ttab\nnewline\\backslash");
        assertThat(mount.source()).isEqualTo("/dev/disk one");
        assertThat(mount.fsType()).isEqualTo("xfs");
        assertThat(at(fixture("hand-made"), "/odd\\escape\\9\\08").id()).isEqualTo(44);
    }

    @Test
    void theUppermostOfStackedMountsIsSeen() throws IOException {
        MountInfo info = fixture("hand-made");

        assertThat(info.mounts()).extracting(Mount::id).contains(31, 32);
        assertThat(info.visible()).extracting(Mount::id).contains(22, 32).doesNotContain(31);
    }

    @Test
    void fileSystemsWithoutADeviceHaveMajorZero() throws IOException {
        MountInfo info = fixture("hand-made");

        assertThat(at(info, "/home"))
                .isEqualTo(new Mount(33, 22, new DeviceNumber(0, 44), "/@home", "/home", "btrfs", "/dev/sda3"));
        assertThat(at(info, "/tank").source()).isEqualTo("tank/data");
        assertThat(at(info, "/emptysource").source()).isEmpty();
    }

    @Test
    void malformedLinesAreLeftOut() throws IOException {
        assertThat(fixture("hand-made").mounts())
                .extracting(Mount::id)
                .containsExactly(22, 30, 31, 32, 33, 34, 35, 36, 37, 44);
        assertThat(MountInfo.parse("").mounts()).isEmpty();
    }

    @Test
    void aLongTableIsReadWhole() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            lines.append("%d 1 8:%d /r%1$d /m%1$d rw - ext4 /dev/sda rw%n".formatted(i + 2, i % 16));
        }

        MountInfo info = MountInfo.parse(lines.toString());

        assertThat(info.mounts()).hasSize(10_000);
        assertThat(info.visible()).hasSize(10_000);
        assertThat(info.mounts().getLast().mountPoint()).isEqualTo("/m10001");
    }

    @Test
    void processThatIsGoneHasNone(@TempDir Path procRoot) throws IOException {
        assertThat(MountInfo.read(procRoot, 12)).isEmpty();
    }

    @Test
    void ownFileIsRead() throws IOException {
        MountInfo own = MountInfo.read(
                        Path.of("/proc"), (int) ProcessHandle.current().pid())
                .orElseThrow();

        assertThat(at(own, "/proc").fsType()).isEqualTo("proc");
    }

    @Test
    void anyBytesAreParsed() {
        Random random = new Random(11);
        byte[] alphabet = "0123456789:/ \n-\\040ext4 / rw - ".getBytes(StandardCharsets.UTF_8);
        int parsed = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder line = new StringBuilder("36 35 98:0 / /m rw - ext4 /dev/sda rw\n");
            for (int edits = random.nextInt(6); edits > 0; edits--) {
                int at = random.nextInt(line.length());
                char c = (char)
                        (random.nextInt(8) == 0 ? random.nextInt(0x3000) : alphabet[random.nextInt(alphabet.length)]);
                if (random.nextBoolean()) {
                    line.setCharAt(at, c);
                } else {
                    line.insert(at, c);
                }
            }
            MountInfo info = MountInfo.parse(line.toString());
            assertThat(info.visible()).allMatch(mount -> mount.mountPoint().startsWith("/") && mount.id() >= 0);
            parsed += info.mounts().size();
        }
        assertThat(parsed).isGreaterThan(1_000);
    }
}
