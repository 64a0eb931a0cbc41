package io.nodetelemetry.internal.collectors.disks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeNameTest {
    private static final String POD = "/var/lib/kubelet/pods/0f6f2b6e-91a5-4a9e-9d5c-7ad1e6a7a4f1";
    private static final String CLAIM = "pvc-5e7b1e0c-5a52-4c5e-8a33-0d6a3a6e7f10";

    @ParameterizedTest
    @CsvSource({
        POD + "/volumes/kubernetes.io~nfs/backup, nfs, backup",
        POD + "/volumes/kubernetes.io~aws-ebs/" + CLAIM + ", aws-ebs, " + CLAIM,
        POD + "/volumes/kubernetes.io~csi/" + CLAIM + "/mount, csi, " + CLAIM,
        POD + "/volumes/kubernetes.io~csi/static-volume/mount, csi, static-volume",
        POD + "/volumes/kubernetes.io~local-volume/fast/sub/path, local-volume, fast",
        "/var/lib/rancher/kubelet/pods/u/volumes/kubernetes.io~rbd/" + CLAIM + ", rbd, " + CLAIM,
    })
    void volumesOfTheKubelet(String source, String provisioner, String volume) {
        assertThat(VolumeName.of(source)).isEqualTo(new VolumeName(provisioner, volume));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/opt/local-path-provisioner/" + CLAIM + "_default_data",
                POD + "/volume-subpaths/" + CLAIM + "/db/0",
                "/" + CLAIM
            })
    void claimAnywhereElse(String source) {
        assertThat(VolumeName.of(source)).isEqualTo(new VolumeName("", CLAIM));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "configmap", "empty-dir", "projected", "downward-api"})
    void whatIsMadeOfThePodsDescriptionHasNoName(String kind) {
        assertThat(VolumeName.of(POD + "/volumes/kubernetes.io~" + kind + "/x")).isEqualTo(VolumeName.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/srv/data",
                "/var/lib/docker/volumes/named/_data",
                "/volumes/kubernetes.io~/x",
                "/volumes/kubernetes.io~csi",
                "/volumes/kubernetes.io~csi/",
                "/x/pvc-5e7b1e0c-5a52-4c5e-8a33-0d6a3a6e7f1",
                "/x/pvc-5E7B1E0C-5A52-4C5E-8A33-0D6A3A6E7F10"
            })
    void otherPathsHaveNone(String source) {
        assertThat(VolumeName.of(source)).isEqualTo(VolumeName.NONE);
    }

    @Test
    void anyTextIsTaken() {
        Random random = new Random(1);
        String[] parts = {"/volumes/", "kubernetes.io~", "csi", "/", "pvc-", "5e7b1e0c", "-", "\n", "\u0000", "ä"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder source = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                source.append(parts[random.nextInt(parts.length)]);
            }
            VolumeName name = VolumeName.of(source.toString());
            assertThat(source.toString()).contains(name.provisioner()).contains(name.volume());
            assertThat(name.volume()).doesNotContain("/");
        }
    }
}
