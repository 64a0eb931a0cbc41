package io.nodetelemetry.internal.source.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.journal.JournalObject.Compression;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnpackingTest {
    /** Twenty letters: one, fourteen more by a reference to it, five as they are. */
    private static final byte[] LZ4_BLOCK = {0x1a, 'a', 1, 0, 0x50, 'a', 'a', 'a', 'a', 'b'};

    /** What journald writes: the size, then the block. */
    private static byte[] lz4Value() {
        byte[] value = new byte[8 + LZ4_BLOCK.length];
        value[0] = 20;
        System.arraycopy(LZ4_BLOCK, 0, value, 8, LZ4_BLOCK.length);
        return value;
    }

    @Test
    void blocksOfLz4AreUnpacked() {
        try (Unpacking unpacking = new Unpacking()) {
            byte[] value = lz4Value();

            assertThat(unpacking.unpack(Compression.LZ4, value, 0, value.length))
                    .hasValue(20);
            assertThat(new String(unpacking.bytes(), 0, 20, StandardCharsets.US_ASCII))
                    .isEqualTo("a".repeat(19) + "b");
            assertThat(unpacking.missing()).isEmpty();
        }
    }

    @Test
    void anyBytesAreUnpackedOrRefused() {
        Random random = new Random(4);
        try (Unpacking unpacking = new Unpacking()) {
            int refused = 0;
            for (int i = 0; i < 20_000; i++) {
                byte[] value = Arrays.copyOf(lz4Value(), random.nextInt(40));
                for (int n = random.nextInt(4); n > 0 && value.length > 0; n--) {
                    value[random.nextInt(value.length)] = (byte) random.nextInt();
                }
                Compression compression = i % 2 == 0 ? Compression.LZ4 : Compression.ZSTD;
                refused += unpacking.unpack(compression, value, 0, value.length).isEmpty() ? 1 : 0;
            }
            assertThat(refused).isBetween(10_000, 19_900);
            assertThat(unpacking.missing()).isEmpty();
        }
    }

    @Test
    void xzIsNotUnpackedAndSaysSo() {
        try (Unpacking unpacking = new Unpacking()) {
            assertThat(unpacking.unpack(Compression.XZ, new byte[40], 0, 40)).isEmpty();
            assertThat(unpacking.missing().orElseThrow()).contains("XZ");
        }
    }
}
