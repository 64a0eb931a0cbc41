package io.nodetelemetry.internal.collectors.disks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.nodetelemetry.internal.source.procfs.MountInfo;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.model.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountChoiceTest {
    private static final Path FIXTURES = Path.of("src/test/resources/procfs/mountinfo");
    private static final String POD = "/var/lib/kubelet/pods/0f6f2b6e-91a5-4a9e-9d5c-7ad1e6a7a4f1";
    private static final String CLAIM = "pvc-5e7b1e0c-5a52-4c5e-8a33-0d6a3a6e7f10";

    private static MountInfo fixture(String name) throws IOException {
        return MountInfo.parse(Files.readString(FIXTURES.resolve(name)));
    }

    private static MountChoice.Key key(int id, int major, int minor) {
        return new MountChoice.Key(id, new DeviceNumber(major, minor));
    }

    private static List<String> points(List<MountChoice> choices) {
        return choices.stream().map(choice -> choice.mount().mountPoint()).toList();
    }

    @Test
    void neitherWrittenNorListedIsLeftOut() throws IOException {
        assertThat(MountChoice.of(fixture("docker"), Set.of(), List.of())).isEmpty();
    }

    @Test
    void writtenMountsAreTaken() throws IOException {
        List<MountChoice> choices =
                MountChoice.of(fixture("docker"), Set.of(key(263, 254, 0), key(268, 254, 0)), List.of());

        assertThat(points(choices)).containsExactly("/data dir", "/etc/hosts");
        assertThat(choices).allMatch(MountChoice::written);
    }

    @Test
    void idThatNowStandsForAnotherDeviceIsNotWritten() throws IOException {
        assertThat(MountChoice.of(fixture("docker"), Set.of(key(263, 8, 1)), List.of()))
                .isEmpty();
    }

    @Test
    void volumesAreTakenByTheirPlaceInTheContainer() throws IOException {
        List<MountChoice> choices = MountChoice.of(
                fixture("docker"),
                Set.of(),
                List.of(
                        new ContainerMount("/elsewhere", "/named/"),
                        new ContainerMount("/srv/x", "/scratch"),
                        new ContainerMount("/srv/y", "/absent")));

        assertThat(points(choices)).containsExactly("/named");
        assertThat(choices).noneMatch(MountChoice::written);
    }

    @Test
    void placeThatIsALinkInTheImageIsFoundByTheSource() throws IOException {
        assertThat(points(MountChoice.of(
                        fixture("docker"), Set.of(), List.of(new ContainerMount("/srv/host dir", "/var/link")))))
                .containsExactly("/data dir");
    }

    @Test
    void volumesOfAPodAreNamedByTheirSource() throws IOException {
        List<MountChoice> choices = MountChoice.of(
                fixture("pod"),
                Set.of(),
                List.of(
                        new ContainerMount(
                                POD + "/volumes/kubernetes.io~csi/" + CLAIM + "/mount", "/var/lib/postgresql/data"),
                        new ContainerMount(POD + "/volumes/kubernetes.io~empty-dir/scratch", "/scratch"),
                        new ContainerMount(POD + "/etc-hosts", "/etc/hosts")));

        assertThat(choices)
                .extracting(choice -> choice.mount().mountPoint(), MountChoice::volume)
                .containsExactly(
                        tuple("/etc/hosts", VolumeName.NONE),
                        tuple("/var/lib/postgresql/data", new VolumeName("csi", CLAIM)),
                        tuple("/scratch", VolumeName.NONE));
    }

    @Test
    void btrfsAndZfsAreOnDisksAllTheSame() throws IOException {
        assertThat(points(MountChoice.of(
                        fixture("hand-made"), Set.of(key(33, 0, 44), key(34, 0, 51), key(36, 0, 53)), List.of())))
                .containsExactly("/home", "/tank");
    }

    @Test
    void whatIsMountedOverIsLeftOut() throws IOException {
        List<MountChoice> choices =
                MountChoice.of(fixture("hand-made"), Set.of(key(31, 253, 0), key(32, 253, 1)), List.of());

        assertThat(choices).extracting(choice -> choice.mount().id()).containsExactly(32);
    }
}
