package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;

class HostFeatureTest {
    @Test
    void rootHasUidZeroAndSysAdmin() {
        assertThat(HostFeature.processStatusMissing("Name:\tjava\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n"))
                .isEmpty();
    }

    @Test
    void theEffectiveUidCounts() {
        assertThat(HostFeature.processStatusMissing("Uid:\t0\t1000\t0\t0\nCapEff:\t000001ffffffffff\n"))
                .hasValue("not root (effective uid 1000); run as root");
    }

    @Test
    void rootOfAnUnprivilegedContainerIsNotEnough() {
        assertThat(HostFeature.processStatusMissing("Uid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\n"))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("root without CAP_SYS_ADMIN"));
    }

    @Test
    void aStatusWithoutUidIsAnErrorRatherThanASkip() {
        assertThatThrownBy(() -> HostFeature.processStatusMissing("Name:\tjava\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no Uid: in /proc/self/status");
    }

    @Test
    void anEmptyMachineLacksAllAndSaysHowToGetIt(@TempDir Path root) {
        assertThat(HostFeature.BTF.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("CONFIG_DEBUG_INFO_BTF"));
        assertThat(HostFeature.LIBBPF.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("apt-get install libbpf1"));
        assertThat(HostFeature.DOCKERD.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("apt-get install docker.io"));
        assertThat(HostFeature.CONTAINERD.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("apt-get install containerd"));
        assertThat(HostFeature.PODMAN.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("apt-get install podman"));
        assertThat(HostFeature.SYSTEMD.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("apt-get install systemd"));
        assertThat(HostFeature.LOGROTATE.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("apt-get install logrotate"));
        assertThat(HostFeature.BUSYBOX.missing(root))
                .hasValueSatisfying(r -> assertThat(r).contains("apt-get install busybox-static"));
        assertThat(HostFeature.ROOT.missing(root))
                .hasValueSatisfying(r -> assertThat(r).startsWith("cannot tell whether this is root"));
    }

    @Test
    void filesInTheirPlacesAreFound(@TempDir Path root) throws IOException {
        for (String file : List.of(
                "sys/kernel/btf/vmlinux",
                "usr/lib/aarch64-linux-gnu/libbpf.so.1",
                "usr/sbin/dockerd",
                "usr/bin/containerd",
                "usr/sbin/runc",
                "usr/bin/podman",
                "usr/bin/conmon",
                "usr/bin/dbus-daemon",
                "usr/sbin/logrotate",
                "usr/bin/busybox",
                "usr/lib/systemd/systemd",
                "usr/lib/cni/bridge")) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.createFile(root.resolve(file));
        }

        assertThat(HostFeature.BTF.missing(root)).isEmpty();
        assertThat(HostFeature.LIBBPF.missing(root)).isEmpty();
        assertThat(HostFeature.DOCKERD.missing(root)).isEmpty();
        assertThat(HostFeature.CONTAINERD.missing(root)).isEmpty();
        assertThat(HostFeature.PODMAN.missing(root)).isEmpty();
        assertThat(HostFeature.SYSTEMD.missing(root)).isEmpty();
        assertThat(HostFeature.LOGROTATE.missing(root)).isEmpty();
        assertThat(HostFeature.BUSYBOX.missing(root)).isEmpty();
    }

    @Test
    void anUnmetNeedSkipsWithAllReasons() {
        var result = HostFeatureCondition.decide("FooIT", List.of("no BTF", "no libbpf"), false);

        assertThat(result.isDisabled()).isTrue();
        assertThat(result.getReason()).hasValue("no BTF; no libbpf");
    }

    @Test
    void anUnmetNeedFailsWhereNothingMayBeSkipped() {
        assertThatThrownBy(() -> HostFeatureCondition.decide("FooIT", List.of("no BTF"), true))
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage("FooIT may not be skipped (nodetelemetry.tests.required): no BTF");
    }

    @Test
    void aMetNeedRunsEitherWay() {
        assertThat(HostFeatureCondition.decide("FooIT", List.of(), true).isDisabled())
                .isFalse();
        assertThat(HostFeatureCondition.decide("FooIT", List.of(), false).isDisabled())
                .isFalse();
    }
}
