package io.nodetelemetry.internal.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoReaderTest {
    private static ProtoReader hex(String hex) {
        return ProtoReader.of(HexFormat.of().parseHex(hex));
    }

    /** The examples of protobuf.dev, "Encoding". */
    @Test
    void theDocumentedExamplesAreRead() throws ProtocolException {
        ProtoReader number = hex("089601");
        assertThat(number.next()).isTrue();
        assertThat(number.field()).isEqualTo(1);
        assertThat(number.number()).isEqualTo(150);
        assertThat(number.next()).isFalse();

        ProtoReader text = hex("120774657374696e67");
        assertThat(text.next()).isTrue();
        assertThat(text.field()).isEqualTo(2);
        assertThat(text.text()).isEqualTo("testing");

        ProtoReader nested = hex("1a03089601");
        assertThat(nested.next()).isTrue();
        assertThat(nested.field()).isEqualTo(3);
        ProtoReader inner = nested.message();
        assertThat(inner.next()).isTrue();
        assertThat(inner.number()).isEqualTo(150);
        assertThat(inner.next()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 300, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void whatIsWrittenIsRead(long value) throws ProtocolException {
        byte[] bytes = {0, -1, 5};
        ProtoReader message = ProtoReader.of(new ProtoWriter()
                .number(1, value)
                .text(2, "grüße")
                .bytes(3, bytes)
                .message(536_870_911, new ProtoWriter().number(7, value))
                .toByteArray());

        assertThat(message.next()).isTrue();
        assertThat(message.number()).isEqualTo(value);
        assertThat(message.next()).isTrue();
        assertThat(message.text()).isEqualTo("grüße");
        assertThat(message.next()).isTrue();
        assertThat(message.bytes()).isEqualTo(bytes);
        assertThat(message.next()).isTrue();
        assertThat(message.field()).isEqualTo(536_870_911);
        ProtoReader inner = message.message();
        assertThat(inner.next()).isTrue();
        assertThat(inner.number()).isEqualTo(value);
        assertThat(message.next()).isFalse();
    }

    @Test
    void fieldsOfEveryWireTypeAreSkipped() throws ProtocolException {
        // fixed64, fixed32, varint, bytes, then field 5.
        ProtoReader message = hex("09" + "00".repeat(8) + "15" + "00".repeat(4) + "18ff01" + "2203616263" + "2805");
        List<Integer> fields = new ArrayList<>();
        while (message.next()) {
            fields.add(message.field());
        }
        assertThat(fields).containsExactly(1, 2, 3, 4, 5);
        assertThat(message.number()).isEqualTo(5);
    }

    @Test
    void aValueOfAnotherTypeIsThatTypesZero() throws ProtocolException {
        ProtoReader message = hex("120774657374696e67" + "089601");
        assertThat(message.next()).isTrue();
        assertThat(message.number()).isZero();
        assertThat(message.next()).isTrue();
        assertThat(message.text()).isEmpty();
        assertThat(message.bytes()).isEmpty();
        assertThat(message.message().next()).isFalse();
    }

    @Test
    void whatIsNoUtf8IsReplaced() throws ProtocolException {
        ProtoReader message = hex("1202c328");
        assertThat(message.next()).isTrue();
        assertThat(message.text()).isEqualTo("\uFFFD(");
    }

    @ParameterizedTest
    @CsvSource({
        "08, cut off",
        "0880, cut off",
        "12, cut off",
        "1205616263, cut off",
        "12ffffffffffffffffff01, cut off",
        "12ffffffff0f, cut off",
        "0900000000000000, cut off",
        "15000000, cut off",
        "08ffffffffffffffffffff01, more than 64 bits",
        "00, field number 0",
        "888080808001, field number",
        "0b, wire type 3",
        "0c, wire type 4",
        "0e, wire type 6"
    })
    void malformedMessagesAreRefused(String hex, String why) {
        assertThatThrownBy(() -> hex(hex).next())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(why);
    }

    @Test
    void anyBytesAreReadOrRefused() {
        Random random = new Random(11);
        byte[] sample = new ProtoWriter()
                .text(1, "name")
                .message(2, new ProtoWriter().text(1, "key").number(2, 7))
                .number(3, 1L << 40)
                .toByteArray();
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = Arrays.copyOf(sample, random.nextInt(sample.length + 4));
            for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                walk(ProtoReader.of(bytes), 0);
            } catch (ProtocolException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 49_000);
    }

    private static void walk(ProtoReader message, int depth) throws ProtocolException {
        while (message.next()) {
            assertThat(message.field()).isPositive();
            assertThat(message.text().getBytes(StandardCharsets.UTF_8).length)
                    .isLessThanOrEqualTo(3 * message.bytes().length);
            if (depth < 3 && message.field() == 2) {
                walk(message.message(), depth + 1);
            }
        }
    }
}
