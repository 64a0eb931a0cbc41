package io.nodetelemetry.internal.runtime.grpc;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the header blocks of one connection, in their order (RFC 7541). */
final class HpackDecoder {
    /** What every peer may use as long as nothing else is agreed upon. */
    static final int TABLE_SIZE = 4_096;

    private static final int MAX_FIELDS = 256;

    private final int maxTableSize;
    private int tableSize;
    /** Newest first. */
    private final List<HeaderField> table = new ArrayList<>();

    private byte[] block = {};
    private int position;

    HpackDecoder(int maxTableSize) {
        this.maxTableSize = maxTableSize;
        tableSize = maxTableSize;
    }

    /**
     * Decodes a block.
     *
     * @return its fields in their order; of several with one name, the last
     * @throws ProtocolException if it is malformed or has more fields than anyone sends
     */
    Map<String, String> decode(byte[] headerBlock) throws ProtocolException {
        block = headerBlock;
        position = 0;
        Map<String, String> headers = new LinkedHashMap<>();
        for (int count = 0; position < block.length; count++) {
            if (count > MAX_FIELDS) {
                throw new ProtocolException("more than " + MAX_FIELDS + " header fields");
            }
            int first = block[position];
            if ((first & 0x80) != 0) {
                put(headers, field(integer(7)));
            } else if ((first & 0xe0) == 0x20) {
                resize(integer(5));
            } else {
                // 01: to be remembered; 0000 and 0001: not.
                boolean remembered = (first & 0x40) != 0;
                HeaderField field = literal(integer(remembered ? 6 : 4));
                put(headers, field);
                if (remembered) {
                    table.addFirst(field);
                    evict();
                }
            }
        }
        return headers;
    }

    private static void put(Map<String, String> headers, HeaderField field) {
        headers.put(field.name(), field.value());
    }

    private void resize(int size) throws ProtocolException {
        if (size > maxTableSize) {
            throw new ProtocolException("a header table of " + size + " bytes");
        }
        tableSize = size;
        evict();
    }

    private void evict() {
        int size = 0;
        for (int i = 0; i < table.size(); i++) {
            size += table.get(i).size();
            if (size > tableSize) {
                table.subList(i, table.size()).clear();
            }
        }
    }

    private HeaderField literal(int nameIndex) throws ProtocolException {
        String name = nameIndex == 0 ? text() : field(nameIndex).name();
        return new HeaderField(name, text());
    }

    private HeaderField field(int index) throws ProtocolException {
        if (index >= 1 && index <= HpackStaticTable.size()) {
            return HpackStaticTable.get(index);
        }
        int dynamic = index - HpackStaticTable.size() - 1;
        if (dynamic < 0 || dynamic >= table.size()) {
            throw new ProtocolException("no header field " + index);
        }
        return table.get(dynamic);
    }

    private String text() throws ProtocolException {
        boolean coded = (peek() & 0x80) != 0;
        int length = integer(7);
        if (length > block.length - position) {
            throw cutOff();
        }
        byte[] bytes = Arrays.copyOfRange(block, position, position + length);
        position += length;
        return new String(coded ? Huffman.decode(bytes) : bytes, StandardCharsets.UTF_8);
    }

    private int integer(int prefixBits) throws ProtocolException {
        int mask = (1 << prefixBits) - 1;
        int value = peek() & mask;
        position++;
        if (value < mask) {
            return value;
        }
        // 21 bits are more than any block is long.
        for (int shift = 0; shift < 21; shift += 7) {
            int part = peek();
            position++;
            value += (part & 0x7f) << shift;
            if ((part & 0x80) == 0) {
                return value;
            }
        }
        throw new ProtocolException("a number too large for a header block");
    }

    private int peek() throws ProtocolException {
        if (position == block.length) {
            throw cutOff();
        }
        return block[position];
    }

    private static ProtocolException cutOff() {
        return new ProtocolException("a header block that is cut off");
    }
}
