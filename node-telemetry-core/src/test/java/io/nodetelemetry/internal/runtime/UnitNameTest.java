package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitNameTest {
    @ParameterizedTest
    @CsvSource({
        "/system.slice/ssh.service, ssh.service",
        "/mine.slice/web.slice/nginx@a.service, nginx@a.service",
        "/system.slice/dev-disk-by\\x2dlabel-a.swap, dev-disk-by\\x2dlabel-a.swap",
        "/system.slice/run-u12.scope, run-u12.scope",
        "/system.slice/_memory.service, memory.service",
        "/system.slice/__x.service, _x.service",
    })
    void lastComponentIsTheUnit(String cgroup, String unit) {
        assertThat(UnitName.ofCgroup(cgroup)).contains(new UnitName(unit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/system.slice/system-getty.slice", "/mine/worker", "", "/", ".service", "_.service"})
    void sliceAndOtherGroupsAreNoUnit(String cgroup) {
        assertThat(UnitName.ofCgroup(cgroup)).isEmpty();
    }

    @Test
    void nameLongerThanSystemdAllowsIsNoUnit() {
        assertThat(UnitName.ofCgroup("/system.slice/" + "a".repeat(247) + ".service"))
                .isPresent();
        assertThat(UnitName.ofCgroup("/system.slice/" + "a".repeat(248) + ".service"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ssh.service, ssh_2eservice",
        "it-tmpl@a\\x2db.service, it_2dtmpl_40a_5cx2db_2eservice",
        "0day.service, _30day_2eservice",
        "a_b.service, a_5fb_2eservice",
        "\u00fc.service, _c3_bc_2eservice",
    })
    void objectPathEscapesAllButLettersAndDigits(String unit, String path) {
        assertThat(new UnitName(unit).objectPath()).isEqualTo("/org/freedesktop/systemd1/unit/" + path);
    }
}
