package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcCgroupTest {
    private static final Path FIXTURES = Path.of("src/test/resources/procfs/cgroup");

    private static ProcCgroup fixture(String name) throws IOException {
        return ProcCgroup.parse(Files.readString(FIXTURES.resolve(name)));
    }

    private static String identity(ProcCgroup cgroup) {
        return cgroup.identity()
                .map(entry -> entry.hierarchy() + " " + entry.path())
                .orElse("none");
    }

    @Test
    void deepestPathIdentifies() throws IOException {
        assertThat(identity(fixture("hybrid-process"))).isEqualTo("4 /process_api/71c6c163781c2e1623b868e25581d32d");
    }

    @Test
    void equallyDeepPathsAreDecidedByOrderOfHierarchies() throws IOException {
        assertThat(identity(fixture("hybrid-docker"))).isEqualTo("0 /docker/" + "a1b2c3d4".repeat(8));
        assertThat(identity(fixture("v1-unit"))).isEqualTo("11 /system.slice/ssh.service");
        assertThat(identity(ProcCgroup.parse("3:pids:/b\n2:cpu,cpuacct:/a\n"))).isEqualTo("2 /a");
    }

    @Test
    void otherControllersDoNotIdentify() {
        assertThat(identity(ProcCgroup.parse("7:blkio:/x/y\n4:memory:/x\n"))).isEqualTo("4 /x");
        assertThat(identity(ProcCgroup.parse("7:blkio:/x/y\n"))).isEqualTo("none");
    }

    @Test
    void pureV2HasOneEntry() throws IOException {
        assertThat(fixture("v2-session").entries())
                .containsExactly(new ProcCgroup.Entry(
                        0, List.of(""), new CgroupPath("/user.slice/user-0.slice/session-3.scope"), false));
    }

    @Test
    void deletedCgroupIsMarked() {
        assertThat(ProcCgroup.parse("0::/docker/x (deleted)\n").entries())
                .containsExactly(new ProcCgroup.Entry(0, List.of(""), new CgroupPath("/docker/x"), true));
    }

    @Test
    void pathOutsideTheCgroupNamespaceIsNormalised() {
        assertThat(identity(ProcCgroup.parse("0::/../../docker/x\n"))).isEqualTo("0 /docker/x");
        assertThat(identity(ProcCgroup.parse("0::/..\n"))).isEqualTo("0 /");
        assertThat(identity(ProcCgroup.parse("0::/a/../b/\n"))).isEqualTo("0 /b");
    }

    @Test
    void colonsBelongToThePath() {
        assertThat(identity(ProcCgroup.parse("0::/a:cri-containerd:b\n"))).isEqualTo("0 /a:cri-containerd:b");
    }

    @Test
    void malformedLinesAreLeftOut() {
        assertThat(ProcCgroup.parse(
                                "x:memory:/a\n4:memory\n5\n\n:::\n4294967296:cpu:/b\n-1:pids:/c\n6:cpu:d\n1:pids:/e\n")
                        .entries())
                .extracting(ProcCgroup.Entry::path)
                .containsExactly(new CgroupPath("/e"));
        assertThat(ProcCgroup.parse("").entries()).isEmpty();
    }

    @Test
    void lineThatWasCutOffIsLeftOut() {
        assertThat(identity(ProcCgroup.parse("4:memory:/a\n0::/docker/a1b2"))).isEqualTo("4 /a");
    }

    @Test
    void processThatIsGoneHasNone(@TempDir Path procRoot) throws IOException {
        assertThat(ProcCgroup.read(procRoot, 12)).isEqualTo(Optional.empty());
    }

    @Test
    void ownFileIsRead() throws IOException {
        assertThat(ProcCgroup.read(
                                Path.of("/proc"), (int) ProcessHandle.current().pid())
                        .flatMap(ProcCgroup::identity))
                .isPresent();
    }

    @Test
    void anyBytesAreParsed() {
        Random random = new Random(7);
        byte[] alphabet = "0123456789:/,\n.. (deleted)memory\u0000".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(8) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            ProcCgroup parsed = ProcCgroup.parse(new String(bytes, StandardCharsets.UTF_8));
            assertThat(parsed.entries()).allMatch(entry -> !("/" + entry.path().value() + "/").contains("/../"));
        }
    }
}
