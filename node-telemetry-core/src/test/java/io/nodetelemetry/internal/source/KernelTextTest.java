package io.nodetelemetry.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelTextTest {
    private static List<List<String>> words(KernelText text) {
        List<List<String>> lines = new ArrayList<>();
        while (text.nextLine()) {
            List<String> line = new ArrayList<>();
            while (text.nextWord()) {
                line.add(text.number().isPresent() ? Long.toString(text.number().getAsLong()) : "?");
            }
            lines.add(line);
        }
        return lines;
    }

    @Test
    void wordsStandBetweenBlanksColonsAndEqualSigns() {
        KernelText text = KernelText.of("8:0 rbytes=5  wios=7\r\n\n12\n");

        assertThat(words(text)).containsExactly(List.of("8", "0", "?", "5", "?", "7"), List.of(), List.of("12"));
        text.rewind();
        assertThat(text.nextLine()).isTrue();
        assertThat(text.nextWord()).isTrue();
        assertThat(text.endsBefore(':')).isTrue();
        assertThat(text.nextWord()).isTrue();
        assertThat(text.endsBefore(':')).isFalse();
        assertThat(text.nextWord()).isTrue();
        assertThat(text.is("rbytes")).isTrue();
        assertThat(text.is("rbyte")).isFalse();
        assertThat(text.is("wbytes")).isFalse();
        assertThat(text.endsBefore('=')).isTrue();
    }

    @Test
    void lineWithoutItsNewlineIsCutOff() {
        assertThat(words(KernelText.of("1\n23"))).containsExactly(List.of("1"));
        assertThat(words(KernelText.of("23"))).isEmpty();
        assertThat(words(KernelText.of(""))).isEmpty();
    }

    @Test
    void numbersAreWholeUnsignedAndFitALong() {
        KernelText text = KernelText.of(
                "0 9223372036854775807 9223372036854775808 18446744073709551616 -1 +1 1.5 1x max 0\u00001 007\n");

        assertThat(words(text))
                .containsExactly(List.of("0", "9223372036854775807", "?", "?", "?", "?", "?", "?", "?", "?", "7"));
    }

    @Test
    void digitsMayBeMoreThanANumber() {
        KernelText text = KernelText.of("18446744073709551616 x\n");

        assertThat(text.isDigits()).as("no word yet").isFalse();
        assertThat(text.nextLine() && text.nextWord()).isTrue();
        assertThat(text.isDigits()).isTrue();
        assertThat(text.nextWord()).isTrue();
        assertThat(text.isDigits()).isFalse();
        assertThat(text.nextNumber()).isEmpty();
    }

    @Test
    void onlyTheGivenLengthCounts() {
        KernelText text = new KernelText();
        text.wrap("1\n2\n3\n".getBytes(StandardCharsets.US_ASCII), 4);

        assertThat(words(text)).containsExactly(List.of("1"), List.of("2"));
    }

    @Test
    void anyBytesAreRead() {
        Random random = new Random(7);
        byte[] alphabet = "0123456789 \n:=\r\tmax".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(5) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            KernelText text = new KernelText();
            text.wrap(bytes, bytes.length);
            long newlines = new String(bytes, StandardCharsets.ISO_8859_1)
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            assertThat(words(text)).hasSize((int) newlines);
        }
    }
}
