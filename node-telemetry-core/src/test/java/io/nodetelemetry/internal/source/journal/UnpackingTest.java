package io.nodetelemetry.internal.source.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.journal.JournalObject.Compression;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnpackingTest {
    /** Twenty letters: one, fourteen more by a reference to it, five as they are. */
    private static final byte[] LZ4_BLOCK = {0x1a, 'a', 1, 0, 0x50, 'a', 'a', 'a', 'a', 'b'};

    /** The same letters, as {@code xz --check=none} packs them: what journald writes. */
    private static final byte[] XZ_STREAM = HexFormat.of()
            .parseHex("fd377a585a000000ff12d9410200210110000000"
                    + "a8708e86e0001300075d0030e6d8c40000000000"
                    + "00011b14ccaa6a9306729e7a010000000000595a");

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
                byte[] valid = i % 3 == 1 ? XZ_STREAM : lz4Value();
                byte[] value = Arrays.copyOf(valid, random.nextInt(valid.length + 20));
                for (int n = random.nextInt(4); n > 0 && value.length > 0; n--) {
                    value[random.nextInt(value.length)] = (byte) random.nextInt();
                }
                Compression compression = switch (i % 3) {
                    case 0 -> Compression.LZ4;
                    case 1 -> Compression.XZ;
                    default -> Compression.ZSTD;
                };
                refused += unpacking.unpack(compression, value, 0, value.length).isEmpty() ? 1 : 0;
            }
            assertThat(refused).isBetween(10_000, 19_900);
            assertThat(unpacking.missing()).isEmpty();
        }
    }

    @Test
    void streamsOfXzAreUnpackedAsFarAsTheyAreThere() {
        try (Unpacking unpacking = new Unpacking()) {
            for (int round = 0; round < 3; round++) {
                assertThat(unpacking.unpack(Compression.XZ, XZ_STREAM, 0, XZ_STREAM.length))
                        .hasValue(20);
                assertThat(new String(unpacking.bytes(), 0, 20, StandardCharsets.US_ASCII))
                        .isEqualTo("a".repeat(19) + "b");
                assertThat(unpacking.unpack(Compression.XZ, XZ_STREAM, 0, XZ_STREAM.length - 20))
                        .hasValue(20);
                assertThat(unpacking.unpack(Compression.XZ, XZ_STREAM, 0, 12)).isEmpty();
                assertThat(unpacking.unpack(Compression.XZ, LZ4_BLOCK, 0, LZ4_BLOCK.length))
                        .isEmpty();
            }
            assertThat(unpacking.missing()).isEmpty();
        }
    }
}
