package io.nodetelemetry.internal.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Header blocks, by the examples of RFC 7541, appendix C, among others. */
class HpackTest {
    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static HpackDecoder decoder() {
        return new HpackDecoder(HpackDecoder.TABLE_SIZE);
    }

    @Test
    void requestsWithPlainStringsAreRead() throws ProtocolException {
        HpackDecoder decoder = decoder();

        assertThat(decoder.decode(hex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d")))
                .isEqualTo(Map.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"));
        assertThat(decoder.decode(hex("8286 84be 5808 6e6f 2d63 6163 6865")))
                .isEqualTo(Map.of(
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "/",
                        ":authority",
                        "www.example.com",
                        "cache-control",
                        "no-cache"));
    }

    @Test
    void requestsWithCodedStringsAreRead() throws ProtocolException {
        HpackDecoder decoder = decoder();

        decoder.decode(hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"));
        decoder.decode(hex("8286 84be 5886 a8eb 1064 9cbf"));
        assertThat(decoder.decode(hex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf")))
                .isEqualTo(Map.of(
                        ":method",
                        "GET",
                        ":scheme",
                        "https",
                        ":path",
                        "/index.html",
                        ":authority",
                        "www.example.com",
                        "custom-key",
                        "custom-value"));
    }

    @Test
    void answersThatOverflowTheTableAreRead() throws ProtocolException {
        HpackDecoder decoder = new HpackDecoder(256);

        assertThat(decoder.decode(hex("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0"
                        + "82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3")))
                .isEqualTo(Map.of(
                        ":status",
                        "302",
                        "cache-control",
                        "private",
                        "date",
                        "Mon, 21 Oct 2013 20:13:21 GMT",
                        "location",
                        "https://www.example.com"));
        assertThat(decoder.decode(hex("4883 640e ffc1 c0bf")))
                .containsEntry(":status", "307")
                .hasSize(4);
        assertThat(decoder.decode(hex("88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
                        + "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160"
                        + "65c0 03ed 4ee5 b106 3d50 07")))
                .isEqualTo(Map.of(
                        ":status",
                        "200",
                        "cache-control",
                        "private",
                        "date",
                        "Mon, 21 Oct 2013 20:13:22 GMT",
                        "location",
                        "https://www.example.com",
                        "content-encoding",
                        "gzip",
                        "set-cookie",
                        "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"));
    }

    @Test
    void aSmallerTableForgets() throws ProtocolException {
        HpackDecoder decoder = decoder();
        assertThat(decoder.decode(hex("40 01 61 01 62 be"))).isEqualTo(Map.of("a", "b"));

        assertThatThrownBy(() -> decoder.decode(hex("20 be"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void whatIsWrittenIsRead() throws ProtocolException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int length : new int[] {0, 1, 126, 127, 128, 254, 255, 256, 5_000}) {
            fields.put("length-" + length, "v".repeat(length));
        }
        assertThat(decoder().decode(HpackWriter.block(fields))).isEqualTo(fields);
    }

    @ParameterizedTest
    @CsvSource({
        "80, no header field 0",
        "be, no header field 62",
        "7f, cut off",
        "40, cut off",
        "4003, cut off",
        "400361, cut off",
        "00 03 616263 7f, cut off",
        "00 7fffffff7f, too large",
        "3fe21f, header table of 4097 bytes",
        "00 01 61 84 ffffffff, the end of a string",
        "00 01 61 81 00, cut off",
        "00 01 61 82 1fff, cut off"
    })
    void malformedBlocksAreRefused(String hex, String why) {
        assertThatThrownBy(() -> decoder().decode(hex(hex)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(why);
    }

    @Test
    void fieldsAreBounded() {
        byte[] many = new byte[300];
        Arrays.fill(many, (byte) 0x82);

        assertThatThrownBy(() -> decoder().decode(many)).hasMessage("more than 256 header fields");
    }

    @Test
    void everyByteHasItsCode() throws ProtocolException {
        // The longest of the printable ones; the code of a newline has 30 bits.
        assertThat(Huffman.decode(hex("fffffff3"))).isEqualTo("\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(Huffman.decode(hex("07"))).isEqualTo("0".getBytes(StandardCharsets.US_ASCII));
        assertThat(Huffman.decode(new byte[0])).isEmpty();
    }

    @Test
    void anyBytesAreReadOrRefused() {
        Random random = new Random(13);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] block = new byte[random.nextInt(24)];
            random.nextBytes(block);
            try {
                assertThat(decoder().decode(block).size()).isLessThanOrEqualTo(24);
                read++;
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isBetween(2_000, 40_000);
    }
}
