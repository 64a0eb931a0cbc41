package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineReaderPropertyTest {
    /** What a message keeps: beyond it nothing would take longer. */
    private static final int LONGEST = Message.MAX_LENGTH;
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

    /** Eight times the bytes take eight times as long, or somewhat more; where each looked at all others it were 64 times. */
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
        LogLineReader reader = new LogLineReader();
        for (String shape : new String[] {"%s%s", "%s)]}>", "{\"msg\":\"%s", "a=1 %s", "x: %s y"}) {
            long shorter = leastNanos(reader, adversarial(shape, unit, LONGEST / 8));
            byte[] line = adversarial(shape, unit, LONGEST);
            long most = 30 * Math.max(shorter, 2_000);

            // On a busy machine each of some tries may be disturbed.
            long longer = leastNanos(reader, line);
            for (int again = 0; again < 100 && longer >= most; again++) {
                longer = Math.min(longer, leastNanos(reader, line));
            }
            assertThat(longer).isLessThan(most);
        }
    }

    private static byte[] adversarial(String shape, String unit, int length) {
        int parts = 1 + length / unit.length();
        return shape.replace("%s", unit.repeat(parts)).getBytes(StandardCharsets.UTF_8);
    }

    /** What one line takes when nothing disturbs it. */
    private static long leastNanos(LogLineReader reader, byte[] line) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            reader.read(line, 0, line.length);
            assertThat(reader.hashLow()).isEqualTo(reader.hashLow());
            least = Math.min(least, System.nanoTime() - start);
        }
        return least;
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
