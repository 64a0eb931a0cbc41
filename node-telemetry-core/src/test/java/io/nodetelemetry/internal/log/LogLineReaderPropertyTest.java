package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineReaderPropertyTest {
    private static final int LONGEST = 64 * 1024;
    /** What the tokenizer and the structured formats tell apart, so that random lines meet their cases often. */
    private static final byte[] ALPHABET =
            "aZ0 \t\0\"'`\\()[]{}<>,:;|=./-*u\u00e9\u65e5msg=\"level={\"msg\":\"\\u00".getBytes(StandardCharsets.UTF_8);

    private final Random random = new Random(42);

    @Test
    void anyBytesHaveOnePatternWhereverTheyStandAndWhateverCameBefore() {
        LogLineReader used = new LogLineReader();
        for (int i = 0; i < 20_000; i++) {
            byte[] line = i % 4 == 0 ? bytes(random.nextInt(80)) : symbols(random.nextInt(80));
            LogLineReader fresh = new LogLineReader();
            fresh.read(line, 0, line.length);
            byte[] inside = symbols(line.length + 20);
            System.arraycopy(line, 0, inside, 10, line.length);
            used.read(inside, 10, 10 + line.length);
            assertThat(used.hash()).isEqualTo(fresh.hash());
            assertThat(used.pattern()).isEqualTo(fresh.pattern());
            assertThat(used.level()).isEqualTo(fresh.level());
        }
    }

    @Test
    void everyBeginningOfALineIsALine() {
        byte[] line = "{\"level\":40,\"msg\":\"a 'b' (c=1) [d] \\u00e9\",\"x\":{\"y\":[1]}} t=1 msg=\"q\\\"\" k="
                .getBytes(StandardCharsets.UTF_8);
        LogLineReader reader = new LogLineReader();
        for (int from = 0; from < line.length; from++) {
            for (int to = from; to <= line.length; to++) {
                reader.read(line, from, to);
                assertThat(reader.pattern()).doesNotContain("<*> <*>");
            }
        }
    }

    /** At a time per byte that grows with the length, each of these would take minutes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{",
                "<",
                "\"",
                "'",
                " '",
                "`",
                "(a",
                "a(",
                "((a)",
                "(a)",
                "<a>",
                "(<",
                "a,",
                "a=",
                "a:",
                "=",
                "\\",
                ".",
                "a.",
                "/",
                "a'",
                "\"a\\",
                "{\"a\":",
                "[{",
                "a=\"",
                "msg=",
                "{\"msg\":\"",
                "(a [b {c <d "
            })
    void noLineTakesMoreThanItsShareOfTime(String unit) {
        String half = unit.repeat(LONGEST / 2 / unit.length());
        String mirrored = half + ")]}>".repeat(LONGEST / 8);
        LogLineReader reader = new LogLineReader();
        for (String text : new String[] {half + half, mirrored, "{\"msg\":\"" + half, "a=1 " + half}) {
            byte[] line = text.getBytes(StandardCharsets.UTF_8);
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                reader.read(line, 0, line.length);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] symbols(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return bytes;
    }
}
