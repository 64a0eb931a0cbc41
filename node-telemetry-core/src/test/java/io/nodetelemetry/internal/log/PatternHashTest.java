package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PatternHashTest {
    /** Each half is good by itself: among 200 000 equally likely values of 64 bits, two are equal once in 10^9 tries. */
    @Test
    void similarTextsDifferInBothHalves() {
        Set<Long> high = new HashSet<>();
        Set<Long> low = new HashSet<>();
        PatternHash hash = new PatternHash();
        for (int i = 0; i < 200_000; i++) {
            hash.clear();
            byte[] word = Integer.toString(i, 36).getBytes(StandardCharsets.US_ASCII);
            hash.addWord(word, 0, word.length);
            high.add(hash.high());
            low.add(hash.low());
        }
        assertThat(high).hasSize(200_000);
        assertThat(low).hasSize(200_000);
    }

    /** The same words and variables in any order, or one of them less, are another pattern. */
    @Test
    void theOrderCounts() {
        Set<Long> high = new HashSet<>();
        Set<Long> low = new HashSet<>();
        PatternHash hash = new PatternHash();
        byte[] words = {'a', 'b', 'c'};
        for (int i = 0; i < 65_536; i++) {
            hash.clear();
            // Eight of: no more, a, b, c.
            for (int rest = i; (rest & 3) != 0; rest >>= 2) {
                hash.addWord(words, (rest & 3) - 1, rest & 3);
            }
            high.add(hash.high());
            low.add(hash.low());
        }
        assertThat(high).hasSize(sequences()).hasSameSizeAs(low);
    }

    private static int sequences() {
        int sum = 0;
        for (int length = 0, count = 1; length <= 8; length++, count *= 3) {
            sum += count;
        }
        return sum;
    }
}
