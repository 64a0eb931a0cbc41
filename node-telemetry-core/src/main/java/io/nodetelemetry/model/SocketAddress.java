package io.nodetelemetry.model;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address and TCP port. IPv4 is held as IPv4-mapped IPv6 ({@code ::ffff:a.b.c.d}), the form in which the BPF
 * programs deliver it, so that one address has one representation.
 *
 * @param high the first eight bytes of the address, network order
 * @param low the last eight bytes of the address, network order
 * @param port 0 to 65535
 */
public record SocketAddress(long high, long low, int port) {
    private static final long MAPPED = 0x0000_ffffL;

    public SocketAddress {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port must be 0 to 65535: " + port);
        }
    }

    /** Whether this is an IPv4 address. */
    public boolean isIpv4() {
        return high == 0 && low >>> 32 == MAPPED;
    }

    /** Whether it is {@code 0.0.0.0} or {@code ::}, which stand for all addresses. */
    public boolean isWildcard() {
        return high == 0 && (low == 0 || (isIpv4() && (int) low == 0));
    }

    /** The same address with another port. */
    public SocketAddress withPort(int newPort) {
        return new SocketAddress(high, low, newPort);
    }

    /** The address alone, in text: dotted quad, or RFC 5952 without brackets. */
    public String host() {
        StringBuilder out = new StringBuilder(39);
        appendHost(out);
        return out.toString();
    }

    /** {@code 10.0.0.1:80} or {@code [fd00::1]:80}, the form of the {@code destination} label. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(47);
        if (isIpv4()) {
            appendHost(out);
        } else {
            out.append('[');
            appendHost(out);
            out.append(']');
        }
        return out.append(':').append(port).toString();
    }

    private void appendHost(StringBuilder out) {
        if (isIpv4()) {
            int v4 = (int) low;
            out.append(v4 >>> 24)
                    .append('.')
                    .append((v4 >>> 16) & 0xff)
                    .append('.')
                    .append((v4 >>> 8) & 0xff)
                    .append('.')
                    .append(v4 & 0xff);
            return;
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; ) {
            int j = i;
            while (j < 8 && group(j) == 0) {
                j++;
            }
            if (j - i > bestLength) {
                bestStart = i;
                bestLength = j - i;
            }
            i = Math.max(j, i + 1);
        }
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                out.append("::");
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && i != bestStart + bestLength) {
                out.append(':');
            }
            out.append(Integer.toHexString(group(i)));
        }
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> ((3 - (index & 3)) * 16)) & 0xffff;
    }

    /**
     * Makes an address from the JDK's.
     *
     * @param address any IPv4 or IPv6 address; an IPv6 scope is dropped
     */
    public static SocketAddress of(InetAddress address, int port) {
        byte[] raw = address.getAddress();
        long high = 0;
        long low = 0;
        if (raw.length == 4) {
            low = MAPPED;
            for (byte b : raw) {
                low = (low << 8) | (b & 0xff);
            }
        } else {
            for (int i = 0; i < 8; i++) {
                high = (high << 8) | (raw[i] & 0xff);
                low = (low << 8) | (raw[i + 8] & 0xff);
            }
        }
        return new SocketAddress(high, low, port);
    }

    /** The JDK's form of the address. */
    public InetAddress toInetAddress() {
        byte[] raw = new byte[16];
        for (int i = 0; i < 8; i++) {
            raw[i] = (byte) (high >>> ((7 - i) * 8));
            raw[i + 8] = (byte) (low >>> ((7 - i) * 8));
        }
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are always an address", e);
        }
    }
}
