package io.nodetelemetry.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.UnitProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerSelectionTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final ContainerKey KEY_A = new ContainerKey(ContainerRuntime.DOCKER, A);
    private static final ContainerKey KEY_B = new ContainerKey(ContainerRuntime.DOCKER, B);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;

    private ContainerRegistry registry(ContainerSelection selection) {
        return new ContainerRegistry(
                () -> now, ContainerLimits.of(100, Duration.ofSeconds(3), Duration.ofMinutes(10)), selection);
    }

    private static ContainerSelection selection(List<String> deny, List<String> allow) {
        return ContainerSelection.of(deny, allow, Duration.ZERO, false);
    }

    private static boolean admitted(ContainerSelection selection, String id) {
        return selection.admits(KEY_A, new ContainerId(id), Optional.empty());
    }

    private static CgroupRef v2(long id) {
        return new CgroupRef(0, id);
    }

    private static Optional<ContainerMetadata> named(String name) {
        return Optional.of(ContainerMetadata.EMPTY.withName(name));
    }

    private static Optional<ContainerMetadata> unit(String type, String triggeredBy) {
        return Optional.of(ContainerMetadata.EMPTY.withUnit(new UnitProperties(type, triggeredBy)));
    }

    @Test
    void withoutExpressionsAllAreAdmitted() {
        assertThat(admitted(ContainerSelection.ALL, "/docker/web")).isTrue();
    }

    @Test
    void expressionsAreSearchedForAnywhere() {
        assertThat(admitted(selection(List.of("we."), List.of()), "/docker/web-1"))
                .isFalse();
        assertThat(admitted(selection(List.of("^web"), List.of()), "/docker/web-1"))
                .isTrue();
    }

    @Test
    void denyGoesBeforeAllow() {
        ContainerSelection both = selection(List.of("web-2", "test"), List.of("^/docker/web", "^/k8s/"));

        assertThat(admitted(both, "/docker/web-1")).isTrue();
        assertThat(admitted(both, "/docker/web-2")).isFalse();
        assertThat(admitted(both, "/docker/db")).isFalse();
        assertThat(admitted(both, "/k8s/shop/api/run")).isTrue();
        assertThat(admitted(both, "/k8s/test/api/run")).isFalse();
    }

    @Test
    void deniedContainerHasNoIdNowNorLater() {
        ContainerRegistry registry = registry(selection(List.of("secret"), List.of()));
        registry.cgroupCreated(v2(7), new CgroupPath("/docker/" + A));
        registry.metadata(KEY_A, named("secret"));
        now = now.plusSeconds(60);
        registry.tick();

        Container container = registry.containerOf(v2(7)).orElseThrow();
        assertThat(container.id()).isEmpty();
        assertThat(container.reporting()).isEqualTo(Reporting.HIDDEN);
    }

    @Test
    void lateNameThatIsAdmittedShowsTheContainer() {
        ContainerRegistry registry = registry(selection(List.of(), List.of("web")));
        registry.cgroupCreated(v2(7), new CgroupPath("/docker/" + A));
        registry.metadata(KEY_A, Optional.empty());
        assertThat(registry.containerOf(v2(7)).orElseThrow().id()).isEmpty();

        registry.metadata(KEY_A, named("web"));

        assertThat(registry.containerOf(v2(7)).orElseThrow().id()).contains(new ContainerId("/docker/web"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "systemd-udevd.service",
                "dbus.service",
                "dbus-broker.service",
                "getty@tty1.service",
                "system-getty.slice",
                "system-serial-getty.slice",
                "serial-getty@ttyS0.service",
                "snapd.service",
                "packagekit.service",
                "unattended-upgrades.service",
                "multipathd.service",
                "qemu-guest-agent.service",
                "irqbalance.service",
                "networkd-dispatcher.service",
                "rpcbind.service"
            })
    void servicesOfTheSystemAreKnownByTheirName(String unit) {
        assertThat(SystemService.is("/system.slice/" + unit, Optional.empty())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx.service", "my-dbus.service", "ssh.service", "system-postgresql.slice"})
    void othersAreNot(String unit) {
        assertThat(SystemService.is("/system.slice/" + unit, Optional.of(new UnitProperties("simple", ""))))
                .isFalse();
    }

    @Test
    void servicesOfTheSystemAreKnownByTypeAndTimer() {
        String id = "/system.slice/x.service";

        assertThat(SystemService.is(id, Optional.of(new UnitProperties("oneshot", ""))))
                .isTrue();
        assertThat(SystemService.is(id, Optional.of(new UnitProperties("dbus", ""))))
                .isTrue();
        assertThat(SystemService.is(id, Optional.of(new UnitProperties("simple", "x.timer"))))
                .isTrue();
        assertThat(SystemService.is(id, Optional.of(new UnitProperties("simple", "x.timer y.path"))))
                .isTrue();
        assertThat(SystemService.is(id, Optional.of(new UnitProperties("simple", "x.socket"))))
                .isFalse();
    }

    @Test
    void unitWaitsForItsPropertiesOnlyWhereTheyDecide() {
        CgroupPath unit = new CgroupPath("/system.slice/backup.service");
        ContainerKey key = new ContainerKey(ContainerRuntime.SYSTEMD, unit.value());
        ContainerRegistry all = registry(ContainerSelection.ALL);
        ContainerRegistry some = registry(ContainerSelection.of(List.of(), List.of(), Duration.ZERO, true));
        all.cgroupCreated(v2(7), unit);
        some.cgroupCreated(v2(7), unit);
        assertThat(all.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.REPORTED);
        assertThat(some.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.UNNAMED);

        all.metadata(key, unit("oneshot", ""));
        some.metadata(key, unit("oneshot", ""));

        assertThat(all.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.REPORTED);
        assertThat(some.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.HIDDEN);
    }

    @Test
    void youngContainerIsNotReportedUntilItIsOldEnough() {
        ContainerRegistry registry = aged(Duration.ofSeconds(30));
        registry.cgroupCreated(v2(7), new CgroupPath("/docker/" + A));
        registry.metadata(KEY_A, named("web"));

        after(registry, Duration.ofMillis(29_999));
        assertThat(registry.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.YOUNG);
        assertThat(registry.containerOf(v2(7)).orElseThrow().id()).isEmpty();
        after(registry, Duration.ofMillis(1));

        assertThat(registry.containerOf(v2(7)).orElseThrow().id()).contains(new ContainerId("/docker/web"));
    }

    @Test
    void containerThatEndedYoungIsNeverReported() {
        ContainerRegistry registry = aged(Duration.ofSeconds(30));
        registry.cgroupCreated(v2(7), new CgroupPath("/docker/" + A));
        registry.metadata(KEY_A, named("web"));
        now = now.plusSeconds(5);
        registry.cgroupRemoved(v2(7));

        after(registry, Duration.ofMinutes(5));

        assertThat(registry.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.YOUNG);
    }

    @Test
    void containerThatWasCreatedLongAgoIsReportedAtOnce() {
        ContainerRegistry registry = aged(Duration.ofSeconds(30));
        registry.cgroupCreated(v2(7), new CgroupPath("/docker/" + A));

        registry.metadata(
                KEY_A, Optional.of(ContainerMetadata.EMPTY.withName("web").withCreatedAt(START.minusSeconds(30))));

        assertThat(registry.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.REPORTED);
    }

    @Test
    void ageIsThatOfTheName() {
        ContainerRegistry registry = aged(Duration.ofSeconds(30));
        registry.cgroupCreated(v2(7), new CgroupPath("/docker/" + A));
        registry.metadata(KEY_A, named("web"));
        now = now.plusSeconds(40);
        registry.cgroupRemoved(v2(7));

        registry.cgroupCreated(v2(8), new CgroupPath("/docker/" + B));
        registry.metadata(KEY_B, named("web"));

        assertThat(registry.containerOf(v2(8)).orElseThrow().reporting()).isEqualTo(Reporting.REPORTED);
    }

    @Test
    void clockThatIsSetBackDelaysByTheAgeAtMost() {
        ContainerRegistry registry = aged(Duration.ofSeconds(30));
        registry.cgroupCreated(v2(7), new CgroupPath("/docker/" + A));
        registry.metadata(KEY_A, named("web"));

        after(registry, Duration.ofHours(-1));
        after(registry, Duration.ofSeconds(30));

        assertThat(registry.containerOf(v2(7)).orElseThrow().reporting()).isEqualTo(Reporting.REPORTED);
    }

    private ContainerRegistry aged(Duration minAge) {
        return registry(ContainerSelection.of(List.of(), List.of(), minAge, false));
    }

    private void after(ContainerRegistry registry, Duration time) {
        now = now.plus(time);
        registry.tick();
    }
}
