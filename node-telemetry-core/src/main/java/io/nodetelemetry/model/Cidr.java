package io.nodetelemetry.model;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses. IPv4 is held as IPv4-mapped IPv6 ({@code ::ffff:a.b.c.d}), as in {@link SocketAddress}, so
 * {@code 10.0.0.0/8} has the prefix length 104.
 *
 * @param high the first eight bytes of the first address, network order
 * @param low the last eight bytes of the first address, network order
 * @param prefixLength leading bits that all addresses of the block share, 0 to 128; the others are 0 in the address
 */
public record Cidr(long high, long low, int prefixLength) {
    private static final int MAPPED_BITS = 96;
    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}");

    public Cidr {
        if (prefixLength < 0 || prefixLength > 128) {
            throw new IllegalArgumentException("prefix length must be 0 to 128: " + prefixLength);
        }
        if ((high & ~highMask(prefixLength)) != 0 || (low & ~lowMask(prefixLength)) != 0) {
            throw new IllegalArgumentException("address has bits set beyond its prefix length " + prefixLength);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or one bare address.
     *
     * @throws IllegalArgumentException for anything else; the message names the text and what is allowed
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        SocketAddress address = parseAddress(literal, text);
        boolean dotted = literal.indexOf(':') < 0;
        int width = dotted ? 32 : 128;
        int length = slash < 0 ? width : parseLength(text.substring(slash + 1), width, text);
        int prefixLength = dotted ? length + MAPPED_BITS : length;

        long high = address.high() & highMask(prefixLength);
        long low = address.low() & lowMask(prefixLength);
        if (high != address.high() || low != address.low()) {
            String block = new SocketAddress(high, low, 0).host();
            throw new IllegalArgumentException("'" + text + "' has bits set beyond its prefix length; the network is "
                    + block + "/" + length + ", the one address is " + literal + "/" + width);
        }
        return new Cidr(high, low, prefixLength);
    }

    private static SocketAddress parseAddress(String literal, String text) {
        // The JDK also takes 10.1 for 10.0.0.1, and zones; neither is meant where a network is named.
        boolean candidate = DOTTED_QUAD.matcher(literal).matches()
                || (literal.indexOf(':') >= 0 && literal.indexOf('%') < 0 && literal.indexOf('[') < 0);
        if (candidate) {
            try {
                return SocketAddress.of(InetAddress.ofLiteral(literal), 0);
            } catch (IllegalArgumentException e) {
                throw notCidr(text, e);
            }
        }
        throw notCidr(text, null);
    }

    private static IllegalArgumentException notCidr(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not a network; allowed are an IPv4 or IPv6 address with or without a prefix length,"
                        + " such as 8.8.8.0/24, 2001:db8::/32 or 1.1.1.1",
                cause);
    }

    private static int parseLength(String digits, int width, String text) {
        if (NUMBER.matcher(digits).matches()) {
            int length = Integer.parseInt(digits);
            if (length <= width) {
                return length;
            }
        }
        throw new IllegalArgumentException("'" + text + "': the prefix length must be 0 to " + width);
    }

    private static long highMask(int prefixLength) {
        return prefixLength >= 64 ? -1L : mask(prefixLength);
    }

    private static long lowMask(int prefixLength) {
        return prefixLength <= 64 ? 0L : mask(prefixLength - 64);
    }

    private static long mask(int bits) {
        return bits == 0 ? 0L : -1L << (64 - bits);
    }

    /** Whether the block lies within IPv4. */
    public boolean isIpv4() {
        return prefixLength >= MAPPED_BITS && new SocketAddress(high, low, 0).isIpv4();
    }

    /** Whether the address lies in the block; the port does not matter. */
    public boolean contains(SocketAddress address) {
        return (address.high() & highMask(prefixLength)) == high && (address.low() & lowMask(prefixLength)) == low;
    }

    /**
     * The key of a {@code BPF_MAP_TYPE_LPM_TRIE} over IPv6 addresses: {@code struct bpf_lpm_trie_key} of
     * {@code linux/bpf.h} with 16 bytes of data.
     *
     * @return 20 bytes: the prefix length as a native 32-bit number, then the address in network order
     */
    public byte[] toLpmKey() {
        ByteBuffer key = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder()).putInt(prefixLength);
        return key.order(ByteOrder.BIG_ENDIAN).putLong(high).putLong(low).array();
    }

    /** {@code 10.0.0.0/8} or {@code fd00::/8}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        String host = new SocketAddress(high, low, 0).host();
        return host + "/" + (isIpv4() ? prefixLength - MAPPED_BITS : prefixLength);
    }
}
