package io.nodetelemetry.internal.source.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Walks over attributes ({@code struct nlattr}, netlink(7)): {@link #next} to each one, then the method of its type. A
 * value that is not there reads as zero, and the fault is kept until {@link #check}, which comes after the last one:
 *
 * <pre>{@code
 * NetlinkAttributes attributes = message.attributes(16);
 * while (attributes.next()) {
 *     switch (attributes.type()) {
 *         case IFLA_MTU -> mtu = attributes.u32();
 *         default -> {} // newer kernels have more
 *     }
 * }
 * attributes.check();
 * }</pre>
 */
final class NetlinkAttributes {
    private static final int HEADER = 4;
    /** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
    private static final int TYPE_MASK = 0x3fff;

    private final ByteBuffer buffer;
    private final int end;
    private final Fault fault;
    private int nextOffset;
    private int type;
    private int value;
    private int length;

    /** The first thing that was wrong, shared with nested attributes. */
    private static final class Fault {
        private String text = "";

        void at(String what) {
            if (text.isEmpty()) {
                text = what;
            }
        }
    }

    private NetlinkAttributes(ByteBuffer buffer, int begin, int end, Fault fault) {
        this.buffer = buffer;
        nextOffset = begin;
        this.end = end;
        this.fault = fault;
    }

    /** Those in a buffer, from an offset to its position on. */
    static NetlinkAttributes of(ByteBuffer buffer, int offset) {
        return new NetlinkAttributes(buffer, buffer.position() + aligned(offset), buffer.limit(), new Fault());
    }

    /** The next multiple of four. */
    static int aligned(int length) {
        return (length + 3) & ~3;
    }

    /** Goes to the next attribute; false after the last one, and after anything that was wrong. */
    boolean next() {
        int left = end - nextOffset;
        if (left <= 0 || !fault.text.isEmpty()) {
            return false;
        }
        int whole = left < HEADER ? 0 : buffer.getShort(nextOffset) & 0xffff;
        if (whole < HEADER || whole > left) {
            fault.at("attribute of length " + whole + " at byte " + nextOffset + ", " + left + " bytes are left");
            return false;
        }
        type = buffer.getShort(nextOffset + 2) & TYPE_MASK;
        value = nextOffset + HEADER;
        length = whole - HEADER;
        nextOffset += aligned(whole);
        return true;
    }

    int type() {
        return type;
    }

    private boolean holds(int bytes) {
        if (length < bytes) {
            fault.at("attribute " + type + " of " + length + " bytes at byte " + value + ", expected " + bytes);
            return false;
        }
        return true;
    }

    int u8() {
        return holds(Byte.BYTES) ? buffer.get(value) & 0xff : 0;
    }

    int u16() {
        return holds(Short.BYTES) ? buffer.getShort(value) & 0xffff : 0;
    }

    int u32() {
        return holds(Integer.BYTES) ? buffer.getInt(value) : 0;
    }

    /** Without the zero that ends it. */
    String string() {
        byte[] bytes = bytes();
        int until = 0;
        while (until < bytes.length && bytes[until] != 0) {
            until++;
        }
        return new String(bytes, 0, until, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        byte[] bytes = new byte[length];
        buffer.get(value, bytes);
        return bytes;
    }

    /** The value as a view, in the buffer's order, for a struct that is read by offset. */
    ByteBuffer struct() {
        return buffer.slice(value, length).order(buffer.order());
    }

    /** The attributes within this one; what is wrong in them is found by the outermost {@link #check}. */
    NetlinkAttributes nested() {
        return new NetlinkAttributes(buffer, value, value + length, fault);
    }

    /** Throws if anything was wrong on the way here. */
    void check() throws NetlinkException.Malformed {
        if (!fault.text.isEmpty()) {
            throw new NetlinkException.Malformed(fault.text);
        }
    }
}
