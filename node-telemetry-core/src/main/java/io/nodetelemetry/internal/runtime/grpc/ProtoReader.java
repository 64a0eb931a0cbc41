package io.nodetelemetry.internal.runtime.grpc;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the fields of one message in Protocol Buffers' wire format (protobuf.dev, "Encoding"):
 *
 * <pre>{@code
 * ProtoReader message = ProtoReader.of(bytes);
 * while (message.next()) {
 *     switch (message.field()) {
 *         case 1 -> name = message.text();
 *         case 2 -> label(message.message());
 *         default -> {}
 *     }
 * }
 * }</pre>
 *
 * <p>A value read as another type than it has is that type's zero, as an absent one is. Fields that are not looked at
 * cost nothing but their skipping. Groups, which no protocol of today uses, are refused.
 */
public final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int position;

    private int field;
    private int type;
    private long number;
    private int start;
    private int length;

    private ProtoReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.end = end;
        position = start;
    }

    /** Reads a whole message. The bytes are not copied. */
    public static ProtoReader of(byte[] message) {
        return new ProtoReader(message, 0, message.length);
    }

    /**
     * Goes to the next field.
     *
     * @return false at the end of the message
     * @throws ProtocolException if the message is cut off or malformed
     */
    public boolean next() throws ProtocolException {
        if (position == end) {
            return false;
        }
        long tag = varint();
        type = (int) (tag & 7);
        if (tag >>> 3 == 0 || tag >>> 3 > (1 << 29) - 1) {
            throw new ProtocolException("field number " + (tag >>> 3));
        }
        field = (int) (tag >>> 3);
        number = 0;
        length = 0;
        switch (type) {
            case VARINT -> number = varint();
            case FIXED64 -> skip(Long.BYTES);
            case FIXED32 -> skip(Integer.BYTES);
            case BYTES -> {
                long size = varint();
                skip(size);
                start = position - (int) size;
                length = (int) size;
            }
            default -> throw new ProtocolException("wire type " + type);
        }
        return true;
    }

    /** The number of the field that was read last. */
    public int field() {
        return field;
    }

    /** Its value as an integer: int32, int64, uint32, uint64, bool or enum. */
    public long number() {
        return number;
    }

    /** Its value as a string; what is not UTF-8 is replaced. */
    public String text() {
        return new String(bytes, start, length, StandardCharsets.UTF_8);
    }

    /** Its value as bytes. */
    public byte[] bytes() {
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    /** Its value as a message. */
    public ProtoReader message() {
        return new ProtoReader(bytes, start, start + length);
    }

    private void skip(long count) throws ProtocolException {
        if (count < 0 || count > end - position) {
            throw new ProtocolException("the message is cut off");
        }
        position += (int) count;
    }

    private long varint() throws ProtocolException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position == end) {
                throw new ProtocolException("the message is cut off");
            }
            byte part = bytes[position++];
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new ProtocolException("a number of more than 64 bits");
    }
}
