package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteSearchTest {
    /** Bytes that differ from those that are looked for by one, or by the highest bit, which borrows and carries confuse. */
    private static final byte[] BYTES = {'"', '!', '#', '\\', '[', ']', (byte) ('"' | 0x80), (byte) ('\\' | 0x80), 0, -1
    };

    private final Random random = new Random(20261123);

    private byte[] anyBytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = random.nextInt(4) > 0 ? (byte) 'x' : BYTES[random.nextInt(BYTES.length)];
        }
        return bytes;
    }

    private static int first(int from, int to, IntPredicate isWanted) {
        return IntStream.range(from, to).filter(isWanted).findFirst().orElse(to);
    }

    @Test
    void findsWhatOneByteAtATimeFinds() {
        for (int round = 0; round < 20_000; round++) {
            byte[] text = anyBytes(random.nextInt(48));
            int from = random.nextInt(text.length + 1);
            int to = from + random.nextInt(text.length - from + 1);
            assertThat(ByteSearch.next(text, from, to, '"')).isEqualTo(first(from, to, i -> text[i] == '"'));
            assertThat(ByteSearch.either(text, from, to, '"', '\\'))
                    .isEqualTo(first(from, to, i -> text[i] == '"' || text[i] == '\\'));
        }
    }

    @Test
    void comparesAllBytes() {
        for (int length = 1; length < 20; length++) {
            byte[] text = anyBytes(length + 3);
            byte[] expected = new byte[length];
            System.arraycopy(text, 3, expected, 0, length);
            assertThat(ByteSearch.isAt(text, 3, expected)).isTrue();
            for (int i = 0; i < length; i++) {
                expected[i] ^= 1;
                assertThat(ByteSearch.isAt(text, 3, expected)).isFalse();
                expected[i] ^= 1;
            }
        }
    }
}
