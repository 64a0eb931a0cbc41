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
            for (byte b : Integer.toString(i, 36).getBytes(StandardCharsets.US_ASCII)) {
                hash.add(b);
            }
            high.add(hash.high());
            low.add(hash.low());
        }
        assertThat(high).hasSize(200_000);
        assertThat(low).hasSize(200_000);
    }
}
