package io.nodetelemetry.internal.source.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A request as it is built: the family's own header first, then attributes. Can be sent more than once. */
final class NetlinkRequest {
    private static final int MAX_BYTES = 1 << 12;

    private final String name;
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());

    /**
     * Begins one.
     *
     * @param name for error messages
     * @param type of the protocol
     */
    NetlinkRequest(String name, int type) {
        this.name = name;
        buffer.putShort(4, (short) type).position(NetlinkMessage.HEADER);
    }

    NetlinkRequest u8(int number) {
        buffer.put((byte) number);
        return this;
    }

    /** That many zeros, for members of a header that a request leaves open. */
    NetlinkRequest zeros(int bytes) {
        buffer.position(buffer.position() + bytes);
        return this;
    }

    NetlinkRequest attribute(int type, int u32) {
        header(type, Integer.BYTES);
        buffer.putInt(u32);
        return this;
    }

    /** With the zero that ends it in C. */
    NetlinkRequest attribute(int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        header(type, bytes.length + 1);
        buffer.put(bytes).put((byte) 0);
        return zeros(NetlinkAttributes.aligned(buffer.position()) - buffer.position());
    }

    private void header(int type, int length) {
        buffer.putShort((short) (4 + length)).putShort((short) type);
    }

    String name() {
        return name;
    }

    /** The bytes to send. */
    ByteBuffer encoded(int sequence, int flags) {
        buffer.putInt(0, buffer.position())
                .putShort(6, (short) (NetlinkMessage.FLAG_REQUEST | flags))
                .putInt(8, sequence);
        return buffer.duplicate().order(buffer.order()).flip();
    }
}
