package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValuesTest {
    private static JsonValues parse(String json, String... wanted) throws UnusableAnswerException {
        return JsonValues.parse(json.getBytes(StandardCharsets.UTF_8), Set.of(wanted));
    }

    @Test
    void valuesAreFoundWhereTheyStandAndNowhereElse() throws IOException {
        JsonValues values = parse(
                "{\"x\":{\"id\":\"inner\"},\"list\":[{\"id\":\"zero\"},{\"id\":\"one\"}],\"id\":\" outer \",\"n\":12.50,\"b\":true}",
                "/id",
                "/list/1/id",
                "/n",
                "/b",
                "/x");

        assertThat(values.text("/id")).contains("outer");
        assertThat(values.text("/list/1/id")).contains("one");
        assertThat(values.text("/n")).contains("12.50");
        assertThat(values.text("/b")).contains("true");
        assertThat(values.text("/x")).isEmpty();
        assertThat(values.text("/list/0/id")).isEmpty();
    }

    @Test
    void nullBlankAndAbsentAreEmpty() throws IOException {
        JsonValues values = parse("{\"a\":null,\"b\":\"  \",\"c\":\"\"}", "/a", "/b", "/c", "/d");
        for (String pointer : Set.of("/a", "/b", "/c", "/d")) {
            assertThat(values.text(pointer)).isEmpty();
        }
    }

    @Test
    void ofTwoValuesInOnePlaceTheFirstCounts() throws IOException {
        assertThat(parse("{\"a\":\"1\",\"a\":\"2\"}", "/a").text("/a")).contains("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":\"1\"", "{\"a\":", "{\"a\"", "[1,", "<html></html>", "{\"a\":\"1\"}}", "nul", "\u0000"})
    void whatIsNotCompleteJsonIsRefused(String json) {
        assertThatThrownBy(() -> parse(json, "/a"))
                .isInstanceOf(UnusableAnswerException.class)
                .hasMessage("it answered with something that is not JSON");
    }

    @Test
    void emptyDocumentHasNoValues() throws IOException {
        assertThat(parse("", "/a").text("/a")).isEmpty();
    }

    @Test
    void deepNestingIsRefusedNotFollowed() {
        assertThatThrownBy(() -> parse("[".repeat(60_000), "/a")).isInstanceOf(UnusableAnswerException.class);
    }

    @Test
    void anyBytesYieldValuesOrTheOneException() throws IOException {
        byte[] good = Files.readAllBytes(Path.of("src/test/resources/cloud/azure.json"));
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length));
            for (int i = random.nextInt(8); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                JsonValues.parse(bytes, Set.of("/compute/vmId"));
            } catch (UnusableAnswerException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2_000);
    }
}
