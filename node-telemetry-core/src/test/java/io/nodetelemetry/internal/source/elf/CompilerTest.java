package io.nodetelemetry.internal.source.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompilerTest {
    private static final String RUSTC = "GCC: (Debian 12.2.0) 12.2.0\0rustc version 1.95.0 (59807616e 2026-04-14)\0";

    @TempDir
    Path folder;

    /** The smallest file that has a section of that name and content, and one for the names. */
    private static byte[] elf(boolean wide, ByteOrder order, String section, String content) {
        byte[] names = ("\0" + section + "\0.shstrtab\0").getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        int header = wide ? 64 : 52;
        int entry = wide ? 64 : 40;
        ByteBuffer file = ByteBuffer.allocate(header + names.length + bytes.length + 3 * entry)
                .order(order);
        int table = header + names.length + bytes.length;
        file.put(0, new byte[] {
            0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), (byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1)
        });
        number(file, wide ? 40 : 32, table, wide);
        file.putShort(wide ? 58 : 46, (short) entry);
        file.putShort(wide ? 60 : 48, (short) 3);
        file.putShort(wide ? 62 : 50, (short) 2);
        file.put(header, names).put(header + names.length, bytes);
        section(file, table + entry, 1, header + names.length, bytes.length, wide);
        section(file, table + 2 * entry, section.length() + 2, header, names.length, wide);
        return file.array();
    }

    private static void section(ByteBuffer file, int at, int name, int offset, int size, boolean wide) {
        file.putInt(at, name);
        number(file, at + (wide ? 24 : 16), offset, wide);
        number(file, at + (wide ? 32 : 20), size, wide);
    }

    private static void number(ByteBuffer file, int at, int value, boolean wide) {
        if (wide) {
            file.putLong(at, value);
        } else {
            file.putInt(at, value);
        }
    }

    private Optional<Compiler> of(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("executable"), bytes);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return Compiler.of(channel);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, LITTLE", "true, BIG", "false, LITTLE", "false, BIG"})
    void goAndRustAreKnownByTheirSections(boolean wide, String endian) throws IOException {
        ByteOrder order = endian.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;

        assertThat(of(elf(wide, order, ".go.buildinfo", "x"))).contains(Compiler.GO);
        assertThat(of(elf(wide, order, ".comment", RUSTC))).contains(Compiler.RUST);
        assertThat(of(elf(wide, order, ".comment", "GCC: (Debian 12.2.0) 12.2.0\0")))
                .isEmpty();
        assertThat(of(elf(wide, order, ".text", RUSTC))).isEmpty();
    }

    @Test
    void ownJavaIsNeither() throws IOException {
        try (SeekableByteChannel java = Files.newByteChannel(
                Path.of(ProcessHandle.current().info().command().orElseThrow()))) {
            assertThat(Compiler.of(java)).isEmpty();
        }
    }

    @Test
    void fileWithoutSectionsTellsNothing() throws IOException {
        byte[] file = elf(true, ByteOrder.LITTLE_ENDIAN, ".go.buildinfo", "x");
        file[60] = 0;

        assertThat(of(file)).isEmpty();
    }

    @Test
    void whatIsNoElfFileIsRefused() {
        assertThatThrownBy(() -> of("#!/bin/sh\necho not a program\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ElfFormatException.class)
                .hasMessage("not an ELF file");
        assertThatThrownBy(() -> of(new byte[0])).isInstanceOf(ElfFormatException.class);
    }

    @Test
    void anyPartOfAFileIsReadOrRefused() throws IOException {
        byte[] file = elf(true, ByteOrder.LITTLE_ENDIAN, ".comment", RUSTC);
        for (int length = 0; length < file.length; length++) {
            byte[] part = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> of(part)).isInstanceOf(ElfFormatException.class);
        }
    }

    @Test
    void anyBytesAreReadOrRefused() throws IOException {
        Random random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            byte[] file = elf(random.nextBoolean(), ByteOrder.LITTLE_ENDIAN, ".comment", RUSTC);
            for (int n = random.nextInt(4); n >= 0; n--) {
                file[4 + random.nextInt(file.length - 4)] = (byte) random.nextInt();
            }
            try {
                assertThat(of(file)).isIn(Optional.empty(), Optional.of(Compiler.RUST), Optional.of(Compiler.GO));
            } catch (ElfFormatException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
