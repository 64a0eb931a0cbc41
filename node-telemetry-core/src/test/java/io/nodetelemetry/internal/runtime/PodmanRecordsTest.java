package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.runtime.PodmanRecords.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodmanRecordsTest {
    static final Path CAPTURED = Path.of("src/test/resources/podman/4.3.1/overlay-containers/containers.json");

    private static Entry entry(String name, String created) {
        return new Entry(name, "localhost/bb:1", Optional.of(Instant.parse(created)));
    }

    private static Map<String, Entry> parse(String json) throws IOException {
        return PodmanRecords.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void capturedListIsUnderstood() throws IOException {
        assertThat(PodmanRecords.parse(Files.readAllBytes(CAPTURED)))
                .isEqualTo(Map.of(
                        "fcb2040876c8f103b2d0f05453f95ae4d90d21e89cceb3e970066da20e0d6e34",
                        entry("web", "2026-11-23T07:16:07.259676863Z"),
                        "79756ddcf6ffb5911bf9384855e7f1033fbc0b8e96e64f2a44648fcc3f823309",
                        entry("vol", "2026-11-23T07:16:07.821198505Z"),
                        "ab059c35ba1860e50d34f26039e6c2f63e15c4d8a188399995006be5a6dabb91",
                        entry("d6e0dc5ef512-infra", "2026-11-23T07:16:08.338850847Z"),
                        "cb8805c78e9aaa120280731e4846af19c23b96989e99c767e1f39bb337cf3dcd",
                        entry("inpod", "2026-11-23T07:16:08.637134442Z")));
    }

    @Test
    void whatIsMissingOrOfAnotherTypeIsEmpty() throws IOException {
        assertThat(parse("[]")).isEmpty();
        assertThat(
                        parse(
                                "[{\"id\":\"a\"},{\"names\":[\"x\"]},7,null,[],{\"id\":\"b\",\"names\":null,\"metadata\":{\"image-name\":\"no\"}},"
                                        + "{\"id\":\"c\",\"created\":\"yesterday\",\"names\":[7,\"first\",\"second\"],\"metadata\":\"not JSON\"},"
                                        + "{\"id\":\"d\",\"created\":7,\"metadata\":\"{\\\"image-name\\\":[\\\"no\\\"]}\",\"more\":{\"id\":\"e\"}}]"))
                .isEqualTo(Map.of(
                        "a", new Entry("", "", Optional.empty()),
                        "b", new Entry("", "", Optional.empty()),
                        "c", new Entry("first", "", Optional.empty()),
                        "d", new Entry("", "", Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "null", "[", "[{\"id\":\"a\"}", "[{\"id\":\"a\"}]]", "[] {}", "\u0000", "[{\"id\":}]"})
    void anythingButOneArrayIsRefused(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(IOException.class);
    }

    @Test
    void anyBytesAreParsedOrRefused() throws IOException {
        byte[] captured = Files.readAllBytes(CAPTURED);
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = Arrays.copyOf(captured, random.nextInt(captured.length));
            for (int n = random.nextInt(4); n > 0 && damaged.length > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(PodmanRecords.parse(damaged)).doesNotContainKey("");
            } catch (IOException refused) {
                assertThat(refused).hasMessageMatching("(?s).+");
            }
        }
    }
}
