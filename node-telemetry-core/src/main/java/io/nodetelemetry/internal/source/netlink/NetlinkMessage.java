package io.nodetelemetry.internal.source.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One message of a datagram ({@code struct nlmsghdr} of netlink(7)).
 *
 * @param type of the protocol, or one of the constants here
 * @param flags {@code NLM_F_…}
 * @param sequence that of the request it answers; 0 for what was not asked for
 * @param payload after the header; a view of the datagram's buffer, valid as long as that is
 */
record NetlinkMessage(int type, int flags, int sequence, ByteBuffer payload) {
    static final int NOOP = 1;
    static final int ERROR = 2;
    static final int DONE = 3;
    static final int OVERRUN = 4;

    static final int FLAG_REQUEST = 1;
    static final int FLAG_MULTI = 2;
    static final int FLAG_ACK = 4;
    static final int FLAG_DUMP_INTERRUPTED = 0x10;
    static final int FLAG_DUMP = 0x300;

    static final int HEADER = 16;

    /** Reads what one kind of message says. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(NetlinkMessage message) throws NetlinkException.Malformed;
    }

    /**
     * All messages of a datagram.
     *
     * @param datagram in native order
     */
    static List<NetlinkMessage> split(ByteBuffer datagram) throws NetlinkException.Malformed {
        List<NetlinkMessage> messages = new ArrayList<>();
        int end = datagram.limit();
        int offset = datagram.position();
        while (offset < end) {
            int length = end - offset < HEADER ? 0 : datagram.getInt(offset);
            if (length < HEADER || length > end - offset) {
                throw new NetlinkException.Malformed(
                        "length " + length + " at byte " + offset + ", " + (end - offset) + " bytes are left");
            }
            messages.add(new NetlinkMessage(
                    datagram.getShort(offset + 4) & 0xffff,
                    datagram.getShort(offset + 6) & 0xffff,
                    datagram.getInt(offset + 8),
                    datagram.slice(offset + HEADER, length - HEADER).order(datagram.order())));
            // The last one need not be padded.
            offset = Math.min(end, offset + NetlinkAttributes.aligned(length));
        }
        return messages;
    }

    /** The errno of an {@code ERROR} message, or of a {@code DONE} message that bears one; 0 is success. */
    int errno() throws NetlinkException.Malformed {
        if (payload.remaining() < Integer.BYTES) {
            if (type == DONE) {
                return 0;
            }
            throw new NetlinkException.Malformed("error without a number");
        }
        return -payload.getInt(payload.position());
    }

    /** The attributes after a family's own header of that many bytes. */
    NetlinkAttributes attributes(int familyHeader) throws NetlinkException.Malformed {
        if (payload.remaining() < familyHeader) {
            throw new NetlinkException.Malformed(
                    "message " + type + " of " + payload.remaining() + " bytes, its header has " + familyHeader);
        }
        return NetlinkAttributes.of(payload, familyHeader);
    }
}
