package io.nodetelemetry.internal.source.icmp;

import io.nodetelemetry.internal.ffm.IcmpSocket.Family;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An echo message (RFC 792, RFC 4443) as we send it, and as it comes back. It has the size of those of ping(8), so that
 * both take the same time, and so that no device has to pad its frame.
 *
 * @param identifier 16 bits, of the socket
 * @param sequence 16 bits, of the target
 * @param token 64 random bits: an identifier can be another program's too
 */
record Echo(int identifier, int sequence, long token) {
    static final int BYTES = 64;

    private static final int ICMP_ECHO_REPLY = 0;
    private static final int ICMP_ECHO = 8;
    private static final int ICMPV6_ECHO_REQUEST = 128;
    private static final int ICMPV6_ECHO_REPLY = 129;

    private static final int IPPROTO_ICMP = 1;
    private static final int MIN_IP_HEADER = 20;
    private static final int IP_TOTAL_LENGTH = 2;
    private static final int IP_PROTOCOL = 9;

    private static final int CHECKSUM = 2;
    private static final int IDENTIFIER = 4;
    private static final int SEQUENCE = 6;
    private static final int TOKEN = 8;

    /** The request, ready to be sent: the checksum of ICMPv6 is left to the kernel, which knows the addresses. */
    ByteBuffer request(Family family) {
        boolean ipv4 = family == Family.IPV4;
        ByteBuffer message = ByteBuffer.allocate(BYTES)
                .put(0, (byte) (ipv4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST))
                .putShort(IDENTIFIER, (short) identifier)
                .putShort(SEQUENCE, (short) sequence)
                .putLong(TOKEN, token);
        return ipv4 ? message.putShort(CHECKSUM, (short) ~sum(message, 0)) : message;
    }

    /**
     * A reply to a request such as ours; empty for anything else.
     *
     * @param packet the rest of the buffer, from a raw socket: in IPv4 with the IP header
     */
    static Optional<Echo> ofReply(Family family, ByteBuffer packet) {
        ByteBuffer bytes = packet.slice();
        if (family == Family.IPV6) {
            return bytes.remaining() == BYTES && isOf(bytes, 0, ICMPV6_ECHO_REPLY)
                    ? Optional.of(at(bytes, 0))
                    : Optional.empty();
        }
        int header = ipHeader(bytes);
        // The kernel hands a packet to raw sockets before it looks at the checksum.
        return header != 0 && isOf(bytes, header, ICMP_ECHO_REPLY) && sum(bytes, header) == 0xffff
                ? Optional.of(at(bytes, header))
                : Optional.empty();
    }

    /** The length of an IP header that one ICMP message of our size follows; 0 if it is not so. */
    private static int ipHeader(ByteBuffer packet) {
        if (packet.remaining() < MIN_IP_HEADER + BYTES || packet.get(0) >>> 4 != 4) {
            return 0;
        }
        int header = (packet.get(0) & 0xf) * Integer.BYTES;
        int total = Short.toUnsignedInt(packet.getShort(IP_TOTAL_LENGTH));
        boolean fits = header >= MIN_IP_HEADER && total == header + BYTES && total <= packet.remaining();
        return fits && packet.get(IP_PROTOCOL) == IPPROTO_ICMP ? header : 0;
    }

    /**
     * A request such as ours, at the end of what it is wrapped in; empty for anything else.
     *
     * @param frame the rest of the buffer: what a device was given
     */
    static Optional<Echo> ofRequest(Family family, ByteBuffer frame) {
        ByteBuffer bytes = frame.slice();
        int start = bytes.remaining() - BYTES;
        return start >= 0 && isOf(bytes, start, family == Family.IPV4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST)
                ? Optional.of(at(bytes, start))
                : Optional.empty();
    }

    private static boolean isOf(ByteBuffer bytes, int start, int type) {
        return Byte.toUnsignedInt(bytes.get(start)) == type && bytes.get(start + 1) == 0;
    }

    private static Echo at(ByteBuffer bytes, int start) {
        return new Echo(
                Short.toUnsignedInt(bytes.getShort(start + IDENTIFIER)),
                Short.toUnsignedInt(bytes.getShort(start + SEQUENCE)),
                bytes.getLong(start + TOKEN));
    }

    /** The ones' complement sum of a message (RFC 1071): 0xffff for one with a right checksum. */
    private static int sum(ByteBuffer bytes, int start) {
        int sum = 0;
        for (int at = start; at < start + BYTES; at += Short.BYTES) {
            sum += Short.toUnsignedInt(bytes.getShort(at));
        }
        // 32 words overflow twice at most.
        sum = (sum >>> 16) + (sum & 0xffff);
        return (sum >>> 16) + (sum & 0xffff);
    }
}
