package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes a container writes, from its lines to messages, levels, patterns and samples. */
final class AnyBytesPropertyTest {
    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "'",
        "\\",
        ":",
        "=",
        ",",
        " ",
        "\t",
        "\0",
        "\r",
        "\u001b[31m",
        "\u001b]0;",
        "\u001b",
        "\u0007",
        "{\"msg\":\"",
        "\"level\":\"warn\"",
        "\"level\":50",
        "{\"fields\":{",
        "\"log\":{\"level\":\"error\"",
        "\\u00",
        "\\ud83d",
        "level=error ",
        "msg=\"",
        "E1123 13:00:00.1 1 a.go:5] \"",
        "<34>",
        "2026-11-23 13:00:00,1 ",
        "13:00:00 ",
        "ERROR ",
        "W ",
        "LOG:  ",
        "[System] [MY-",
        "7:M ",
        "# ",
        "fail: ",
        "Traceback (most recent call last):",
        "  File \"a\"",
        "KeyError: ",
        "  + Exception Group Traceback",
        "  | ",
        "panic: ",
        "goroutine 1 [running]:",
        "main.run(",
        "thread 'x' panicked at ",
        "note: ",
        "/a.js:3",
        "    ^",
        "Error: ",
        "\tat a.B",
        "Caused by: ",
        "a.rb:1:in `x': (E)",
        "\tfrom ",
        "Node.js v1",
        "SEVERE: ",
        "a.B main",
        "password=",
        "token: ",
        "eyJhbGciOi",
        "4111111111111111",
        "://a:b@",
        "-----BEGIN PRIVATE KEY-----",
        "\u00e9",
        "\u65e5",
        "x",
        "7"
    };

    private final Random random = new Random(23);

    private byte[] line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int i = random.nextInt(9); i > 0; i--) {
            if (random.nextInt(6) == 0) {
                byte[] bytes = new byte[random.nextInt(6)];
                random.nextBytes(bytes);
                line.writeBytes(bytes);
            } else {
                line.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return line.toByteArray();
    }

    @Test
    void whateverLinesComeTheyAreMessagesWithinTheBounds() {
        LogLineReader reader = new LogLineReader();
        LogLineReader asText = new LogLineReader(false);
        long[] messages = new long[1];
        MessageAssembler assembler = new MessageAssembler((text, textLength, head, headLength) -> {
            messages[0]++;
            assertThat(textLength).isBetween(1, MessageAssembler.MAX_TEXT);
            assertThat(headLength).isBetween(1, MessageAssembler.MAX_TEXT);
            reader.read(head, 0, headLength);
            asText.read(head, 0, headLength);
            assertThat(reader.hash()).matches("[0-9a-f]{32}");
            assertThat(asText.pattern().length()).isLessThan(2 * headLength + 8);
            if (messages[0] % 16 == 0) {
                assertThat(SecretMask.mask(new String(text, 0, textLength, StandardCharsets.UTF_8)))
                        .isNotNull();
            }
        });
        for (int i = 0; i < 200_000; i++) {
            byte[] line = line();
            long before = messages[0];
            assembler.line(line, 0, line.length);
            assertThat(messages[0] - before).isLessThan(12);
            if (random.nextInt(20) == 0) {
                assembler.end();
                assertThat(assembler.isOpen()).isFalse();
            }
        }
        assertThat(messages[0]).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[",
                "\"",
                "\\",
                "{\"fields\":",
                "{\"a\":[",
                "{\"msg\":\"",
                "\u001b",
                "\u001b[",
                "\u001b]",
                "\u001b[0m",
                "a=\"",
                "a=",
                " ",
                "\0",
                ":",
                "Error",
                "Error:",
                "no ",
                "no error ",
                "error=0 ",
                "1:",
                "\r",
                "a.",
                "(",
                "| ",
                "[31mx",
                "W ",
                "\n",
                "x"
            })
    void tenMegabytesTakeTheirShareOfTimeAndNoMore(String unit) {
        byte[] line = unit.repeat(TEN_MEGABYTES / unit.length()).getBytes(StandardCharsets.UTF_8);
        int[] longest = new int[1];
        LogLineReader reader = new LogLineReader();
        MessageAssembler assembler = new MessageAssembler((text, textLength, head, headLength) -> {
            longest[0] = Math.max(text.length, head.length);
            reader.read(head, 0, headLength);
        });
        long start = System.nanoTime();
        reader.read(line, 0, line.length);
        reader.hash();
        assembler.line(line, 0, line.length);
        assembler.line(line, 0, line.length);
        assembler.end();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
        assertThat(longest[0]).isLessThanOrEqualTo(2 * MessageAssembler.MAX_TEXT);
    }
}
