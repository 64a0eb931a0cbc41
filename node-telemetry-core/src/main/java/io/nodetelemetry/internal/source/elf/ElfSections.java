package io.nodetelemetry.internal.source.elf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The sections of an executable by name (elf(5)), 32 or 64 bits wide, of either byte order. */
final class ElfSections {
    private static final int MAGIC = 0x7f454c46;
    private static final int CLASS_64 = 2;
    private static final int BIG_ENDIAN = 2;
    private static final int MAX_SECTIONS = 4_096;
    private static final int MAX_NAMES = 1 << 16;

    private final SeekableByteChannel file;
    private final Map<String, Extent> sections;

    private record Extent(long offset, long size) {}

    /** Where things stand in the headers of one width. */
    private record Layout(int header, int sectionsAt, int counts, int section, int offset, int size) {
        static final Layout ELF32 = new Layout(52, 32, 46, 40, 16, 20);
        static final Layout ELF64 = new Layout(64, 40, 58, 64, 24, 32);
    }

    private ElfSections(SeekableByteChannel file, Map<String, Extent> sections) {
        this.file = file;
        this.sections = sections;
    }

    /**
     * Reads the headers; the channel stays open and belongs to the caller.
     *
     * @throws ElfFormatException if it is no ELF file or its headers are damaged
     */
    static ElfSections read(SeekableByteChannel file) throws IOException {
        ByteBuffer identification = bytes(file, 0, 16);
        if (identification.getInt(0) != MAGIC) {
            throw new ElfFormatException("not an ELF file");
        }
        boolean wide = identification.get(4) == CLASS_64;
        Layout layout = wide ? Layout.ELF64 : Layout.ELF32;
        ByteOrder order = identification.get(5) == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer header = bytes(file, 0, layout.header()).order(order);
        int entrySize = Short.toUnsignedInt(header.getShort(layout.counts()));
        int count = Short.toUnsignedInt(header.getShort(layout.counts() + 2));
        int names = Short.toUnsignedInt(header.getShort(layout.counts() + 4));
        if (count == 0) {
            return new ElfSections(file, Map.of());
        }
        if (entrySize != layout.section() || count > MAX_SECTIONS || names >= count) {
            throw new ElfFormatException("damaged section headers");
        }
        ByteBuffer table = bytes(file, number(header, layout.sectionsAt(), wide), count * layout.section())
                .order(order);
        Extent nameTable = extent(table, names, layout, wide);
        ByteBuffer text = bytes(file, nameTable.offset(), (int) Math.min(nameTable.size(), MAX_NAMES));
        Map<String, Extent> sections = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            sections.putIfAbsent(name(text, table.getInt(i * layout.section())), extent(table, i, layout, wide));
        }
        return new ElfSections(file, sections);
    }

    private static Extent extent(ByteBuffer table, int index, Layout layout, boolean wide) {
        int at = index * layout.section();
        return new Extent(number(table, at + layout.offset(), wide), number(table, at + layout.size(), wide));
    }

    private static long number(ByteBuffer from, int at, boolean wide) {
        return wide ? from.getLong(at) : Integer.toUnsignedLong(from.getInt(at));
    }

    private static String name(ByteBuffer text, int start) {
        if (start < 0 || start >= text.limit()) {
            return "";
        }
        int end = start;
        while (end < text.limit() && text.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - start];
        text.get(start, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer bytes(SeekableByteChannel file, long offset, int size) throws IOException {
        if (offset < 0 || offset > file.size() || size < 0) {
            throw new ElfFormatException("an offset outside of the file");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, file.size() - offset));
        if (buffer.limit() < size) {
            throw new ElfFormatException("the file is cut off");
        }
        file.position(offset);
        while (buffer.hasRemaining()) {
            if (file.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    boolean has(String section) {
        return sections.containsKey(section);
    }

    /**
     * What stands in a section; empty if there is none of that name.
     *
     * @param limit no more than that many bytes are read
     */
    Optional<byte[]> content(String section, int limit) throws IOException {
        Extent extent = sections.get(section);
        if (extent == null) {
            return Optional.empty();
        }
        ByteBuffer read = bytes(file, extent.offset(), Math.clamp(extent.size(), 0, limit));
        byte[] content = new byte[read.remaining()];
        read.get(content);
        return Optional.of(content);
    }
}
