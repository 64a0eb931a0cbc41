package io.nodetelemetry.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Sections and symbols of a 64-bit little-endian ELF object (elf(5)); every read is checked against the file's end. */
final class BtfElf {
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int SYMBOL_BYTES = 24;
    private static final int SHT_NOBITS = 8;

    private record Section(String name, int type, ByteBuffer bytes) {}

    private final List<Section> sections;

    private BtfElf(List<Section> sections) {
        this.sections = sections;
    }

    static BtfElf parse(byte[] elf) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        check(elf.length >= 64, "ELF header: file has " + elf.length + " bytes");
        check(file.getInt(0) == 0x464c457f, "ELF header: wrong magic");
        check(elf[4] == 2 && elf[5] == 1, "ELF header: not 64-bit little-endian");
        long table = file.getLong(40);
        int entrySize = Short.toUnsignedInt(file.getShort(58));
        int count = Short.toUnsignedInt(file.getShort(60));
        int namesIndex = Short.toUnsignedInt(file.getShort(62));
        check(entrySize == SECTION_HEADER_BYTES, "ELF section header size " + entrySize);
        ByteBuffer headers = slice(file, table, (long) count * entrySize, "ELF section headers");
        check(namesIndex < count, "ELF section name index " + namesIndex);
        ByteBuffer names = section(file, headers, namesIndex);
        List<Section> sections = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = i * SECTION_HEADER_BYTES;
            sections.add(new Section(
                    string(names, Integer.toUnsignedLong(headers.getInt(at)), "ELF section name"),
                    headers.getInt(at + 4),
                    section(file, headers, i)));
        }
        return new BtfElf(List.copyOf(sections));
    }

    /** The bytes of the first section of that name. */
    Optional<ByteBuffer> section(String name) {
        int index = indexOf(name);
        return index < 0
                ? Optional.empty()
                : Optional.of(sections.get(index).bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** The offset of a symbol inside the section of that name. */
    OptionalLong symbolOffset(String sectionName, String symbol) {
        int index = indexOf(sectionName);
        Optional<ByteBuffer> symbols = section(".symtab");
        Optional<ByteBuffer> names = section(".strtab");
        if (index < 0 || symbols.isEmpty() || names.isEmpty()) {
            return OptionalLong.empty();
        }
        ByteBuffer table = symbols.get();
        for (int at = 0; at + SYMBOL_BYTES <= table.limit(); at += SYMBOL_BYTES) {
            boolean here = Short.toUnsignedInt(table.getShort(at + 6)) == index;
            if (here
                    && symbol.equals(
                            string(names.get(), Integer.toUnsignedLong(table.getInt(at)), "ELF symbol name"))) {
                return OptionalLong.of(table.getLong(at + 8));
            }
        }
        return OptionalLong.empty();
    }

    private int indexOf(String name) {
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static ByteBuffer section(ByteBuffer file, ByteBuffer headers, int index) {
        int at = index * SECTION_HEADER_BYTES;
        boolean inFile = headers.getInt(at + 4) != SHT_NOBITS;
        return slice(
                file,
                inFile ? headers.getLong(at + 24) : 0,
                inFile ? headers.getLong(at + 32) : 0,
                "ELF section " + index);
    }

    static ByteBuffer slice(ByteBuffer from, long offset, long size, String what) {
        check(offset >= 0 && size >= 0 && offset <= from.limit() - size, what + " lies outside of its container");
        return from.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static String string(ByteBuffer table, long offset, String what) {
        check(offset < table.limit(), what + " lies outside of its string table");
        int end = (int) offset;
        while (end < table.limit() && table.get(end) != 0) {
            end++;
        }
        check(end < table.limit(), what + " is not terminated");
        byte[] bytes = new byte[end - (int) offset];
        table.get((int) offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new BtfFormatException(otherwise);
        }
    }
}
