package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFeedsTest {
    @Test
    void findsTheFirstWhereverItStands() {
        for (int length = 0; length < 100; length++) {
            for (int feed = 0; feed < length; feed++) {
                byte[] bytes = "x".repeat(length).getBytes(UTF_8);
                bytes[feed] = '\n';
                bytes[length - 1] = '\n';
                assertThat(LineFeeds.next(bytes, 0, length)).isEqualTo(feed);
                assertThat(LineFeeds.next(bytes, feed + 1, length)).isEqualTo(feed == length - 1 ? length : length - 1);
            }
        }
    }

    @Test
    void agreesWithALoopOverAnyBytes() {
        Random random = new Random(20_261_123);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            // Bytes that differ from a line feed by little are those that arithmetic on words could take for one.
            for (int j = random.nextInt(50); j > 0 && bytes.length > 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0x0b : 0x8a);
            }
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            int expected = from;
            while (expected < bytes.length && bytes[expected] != '\n') {
                expected++;
            }
            assertThat(LineFeeds.next(bytes, from, bytes.length)).isEqualTo(expected);
        }
    }
}
