package io.nodetelemetry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNumberTest {
    @ParameterizedTest
    @ValueSource(strings = {"8:1", "0:44", "259:0", "4095:1048575"})
    void isWrittenAsItIsParsed(String text) {
        assertThat(DeviceNumber.parse(text).map(DeviceNumber::toString)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "8",
                "8:",
                ":1",
                "-8:1",
                "8:-1",
                "8:1:2",
                " 8:1",
                "4096:0",
                "0:1048576",
                "8:99999999",
                "٨:1"
            })
    void anythingElseIsNone(String text) {
        assertThat(DeviceNumber.parse(text)).isEmpty();
    }

    @Test
    void numbersThatNoDeviceHasAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DeviceNumber(-1, 0))
                .withMessage("no device has number -1:0");
    }
}
