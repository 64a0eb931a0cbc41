package io.nodetelemetry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PortRangeTest {
    @Test
    void bothEndsAreIncluded() {
        PortRange range = PortRange.parse("32768-60999");

        assertThat(range.contains(32_767)).isFalse();
        assertThat(range.contains(32_768)).isTrue();
        assertThat(range.contains(60_999)).isTrue();
        assertThat(range.contains(61_000)).isFalse();
        assertThat(range).hasToString("32768-60999");
    }

    @Test
    void onePortIsARange() {
        assertThat(PortRange.parse("50051")).isEqualTo(new PortRange(50_051, 50_051));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1-", "-5", "1-2-3", "http", "1 - 2", "999999-1000000"})
    void whatIsNoRangeIsRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> PortRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a range of ports such as 32768-60999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-5", "2-1", "1-65536"})
    void aRangeGoesUpAndLiesWithinThePorts(String text) {
        assertThatThrownBy(() -> PortRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a range of ports goes up and lies in 1 to 65535, not " + text);
    }
}
