package io.nodetelemetry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:80, 0.0.0.0, 80",
        "127.0.0.1:65535, 127.0.0.1, 65535",
        "localhost:0, localhost, 0",
        ":9400, 0.0.0.0, 9400",
        "[::1]:9400, ::1, 9400",
        "[::]:80, ::, 80",
    })
    void readsAddressAndPort(String text, String host, int port) {
        assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "80",
                "localhost",
                "localhost:",
                "localhost:65536",
                "localhost:-1",
                "localhost:080000",
                "::1:80",
                "[::1]",
                "http://localhost:80",
                "a b:80",
                "localhost:80x"
            })
    void namesWhatIsWrongAndWhatIsAllowed(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not an address to listen on; allowed are <address>:<port> with a port of"
                        + " 0 to 65535, such as 0.0.0.0:80, [::1]:9400 or :9400, and none");
    }
}
