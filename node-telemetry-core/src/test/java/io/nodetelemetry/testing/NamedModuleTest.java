package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Guards the build's set-up: on the class path, module borders and native access would go untested. */
class NamedModuleTest {
    @Test
    void testsRunInsideTheNamedModule() {
        assertThat(NamedModuleTest.class.getModule().getName()).isEqualTo("io.nodetelemetry");
    }

    @Test
    void nativeAccessIsGrantedAsByTheLauncher() {
        assertThat(NamedModuleTest.class.getModule().isNativeAccessEnabled()).isTrue();
    }
}
