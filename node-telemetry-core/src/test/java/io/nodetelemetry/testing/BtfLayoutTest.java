package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BtfLayoutTest {
    /** Compiled from {@code layout.bpf.c} beside it, see SOURCE.md there. */
    private static byte[] elf = {};

    @BeforeAll
    static void readObject() throws IOException {
        try (var in = BtfLayoutTest.class.getResourceAsStream("/bpf/layout/layout.bpf.o")) {
            assertThat(in).isNotNull();
            elf = in.readAllBytes();
        }
    }

    @Test
    void structHasSizeAndFieldsInOrder() {
        BtfLayout.Struct sample = BtfLayout.of(elf).struct("sample");

        assertThat(sample.size()).isEqualTo(48);
        assertThat(sample.fields())
                .extracting(BtfLayout.Field::name)
                .containsExactly("cookie", "addr6", "addr4", "comm", "kind", "low", "high", "tail");
    }

    @Test
    void fieldsKnowOffsetAndSize() {
        BtfLayout.Struct sample = BtfLayout.of(elf).struct("sample");

        assertThat(sample.field("cookie")).isEqualTo(new BtfLayout.Field("cookie", 0, 64));
        assertThat(sample.field("comm").offset()).isEqualTo(24);
        assertThat(sample.field("comm").size()).isEqualTo(12);
        assertThat(sample.field("kind").offset()).isEqualTo(36);
        assertThat(sample.field("kind").size()).isEqualTo(4);
        assertThat(sample.field("tail").offset()).isEqualTo(44);
        assertThat(sample.field("tail").size()).isEqualTo(4);
    }

    @Test
    void membersOfAnonymousUnionBelongToTheStruct() {
        BtfLayout.Struct sample = BtfLayout.of(elf).struct("sample");

        assertThat(sample.field("addr6").offset()).isEqualTo(8);
        assertThat(sample.field("addr6").size()).isEqualTo(16);
        assertThat(sample.field("addr4").offset()).isEqualTo(8);
        assertThat(sample.field("addr4").size()).isEqualTo(4);
    }

    @Test
    void bitFieldsAreGivenInBitsAndRefusedInBytes() {
        BtfLayout.Struct sample = BtfLayout.of(elf).struct("sample");

        assertThat(sample.field("low")).isEqualTo(new BtfLayout.Field("low", 320, 3));
        assertThat(sample.field("high")).isEqualTo(new BtfLayout.Field("high", 323, 29));
        assertThatThrownBy(() -> sample.field("high").offset()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sample.field("low").size()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void typedefLeadsToTheStruct() {
        assertThat(BtfLayout.of(elf).struct("sample_t").size()).isEqualTo(48);
    }

    @Test
    void enumeratorsHaveValues() {
        BtfLayout btf = BtfLayout.of(elf);

        assertThat(btf.enumValue("SAMPLE_OPEN")).isEqualTo(1);
        assertThat(btf.enumValue("SAMPLE_LOST")).isEqualTo(-5);
    }

    @Test
    void variablesArePlacedByTheirSymbol() {
        BtfLayout btf = BtfLayout.of(elf);

        assertThat(btf.variable(".rodata", "first")).isEqualTo(new BtfLayout.Field("first", 0, 32));
        assertThat(btf.variable(".rodata", "second")).isEqualTo(new BtfLayout.Field("second", 64, 64));
        assertThat(btf.variable(".rodata", "third").offset()).isEqualTo(16);
    }

    @Test
    void whatIsNotThereIsNamed() {
        BtfLayout btf = BtfLayout.of(elf);

        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> btf.struct("nowhere"))
                .withMessageContaining("nowhere");
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> btf.struct("sample").field("nothing"))
                .withMessageContaining("struct sample has no field nothing");
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> btf.enumValue("NOPE"));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> btf.variable(".rodata", "nope"));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> btf.variable(".bss", "first"));
    }

    @Test
    void everyTruncationIsRefusedOrReadWithoutHarm() {
        for (int length = 0; length < elf.length; length++) {
            readAll(Arrays.copyOf(elf, length));
        }
        assertThatThrownBy(() -> BtfLayout.of(Arrays.copyOf(elf, 63)))
                .isInstanceOf(BtfFormatException.class)
                .hasMessageContaining("63 bytes");
        assertThatThrownBy(() -> BtfLayout.of(Arrays.copyOf(elf, elf.length / 2)))
                .isInstanceOf(BtfFormatException.class);
    }

    @Test
    void objectWithoutBtfIsRefused() {
        byte[] renamed = elf.clone();
        replaceAll(renamed, ".BTF\0", ".XXX\0");

        assertThatThrownBy(() -> BtfLayout.of(renamed))
                .isInstanceOf(BtfFormatException.class)
                .hasMessage("the object has no .BTF section");
    }

    @Test
    void unknownKindIsRefused() {
        ByteBuffer btf = ByteBuffer.allocate(24 + 12 + 1).order(ByteOrder.LITTLE_ENDIAN);
        btf.putShort((short) 0xeb9f)
                .put((byte) 1)
                .put((byte) 0)
                .putInt(24)
                .putInt(0)
                .putInt(12)
                .putInt(12)
                .putInt(1);
        btf.putInt(0).putInt(30 << 24).putInt(0);

        assertThatThrownBy(() -> BtfLayout.ofRaw(btf.array()))
                .isInstanceOf(BtfFormatException.class)
                .hasMessage("BTF kind 30 is unknown");
    }

    @Test
    void typedefThatNamesItselfIsRefused() {
        ByteBuffer btf = ByteBuffer.allocate(24 + 12 + 3).order(ByteOrder.LITTLE_ENDIAN);
        btf.putShort((short) 0xeb9f)
                .put((byte) 1)
                .put((byte) 0)
                .putInt(24)
                .putInt(0)
                .putInt(12)
                .putInt(12)
                .putInt(3);
        btf.putInt(1).putInt(8 << 24).putInt(1).put((byte) 0).put((byte) 'a');

        assertThatThrownBy(() -> BtfLayout.ofRaw(btf.array()).struct("a"))
                .isInstanceOf(BtfFormatException.class)
                .hasMessage("BTF typedef chain of 'a' does not end");
    }

    @Test
    void anyBytesGiveAnAnswerOrTheDocumentedException() {
        Random random = new Random(20_260_101);
        for (int round = 0; round < 5_000; round++) {
            byte[] mutated = elf.clone();
            int changes = 1 + random.nextInt(8);
            for (int i = 0; i < changes; i++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            readAll(mutated);
            byte[] noise = new byte[random.nextInt(512)];
            random.nextBytes(noise);
            readAll(noise);
        }
    }

    private static void readAll(byte[] bytes) {
        try {
            BtfLayout btf = BtfLayout.of(bytes);
            btf.struct("sample");
            btf.enumValue("SAMPLE_LOST");
            btf.variable(".rodata", "third");
        } catch (BtfFormatException | NoSuchElementException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    private static void replaceAll(byte[] bytes, String from, String to) {
        byte[] wanted = from.getBytes(StandardCharsets.ISO_8859_1);
        byte[] replacement = to.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(wanted, 0, wanted.length, bytes, i, i + wanted.length)) {
                System.arraycopy(replacement, 0, bytes, i, replacement.length);
            }
        }
    }
}
