package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses at which a listener on the wildcard address is reached: all addresses of its network namespace but
 * link-local and multicast ones.
 *
 * @param addresses IPv4 first, each once; loopback ones included
 */
public record LocalAddresses(List<InetAddress> addresses) {
    /** A namespace with more addresses than this shows the first ones. */
    private static final int MAX_ADDRESSES = 256;

    private static final int MAX_BYTES = 4 << 20;

    public LocalAddresses {
        addresses = List.copyOf(addresses);
    }

    /**
     * The addresses of a process's network namespace; empty if the process is gone. Source: {@code net/fib_trie} and
     * {@code net/if_inet6} below {@code /proc/<pid>}; the latter is absent on hosts without IPv6.
     *
     * @throws IOException if they may not be read
     */
    public static Optional<LocalAddresses> read(Path procRoot, int pid) throws IOException {
        Path net = procRoot.resolve(pid + "/net");
        Optional<byte[]> v4 = ProcFiles.read(net.resolve("fib_trie"), MAX_BYTES);
        if (v4.isEmpty()) {
            return Optional.empty();
        }
        String v6 = ProcFiles.read(net.resolve("if_inet6"), MAX_BYTES)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .orElse("");
        return Optional.of(parse(new String(v4.get(), StandardCharsets.ISO_8859_1), v6));
    }

    /**
     * Takes what is well formed.
     *
     * @param fibTrie the routing tables as a tree; a local address is a leaf with an entry {@code /32 host LOCAL}:
     *     <pre>
     *         |-- 10.0.0.7
     *            /32 host LOCAL</pre>
     *
     * @param ifInet6 one address a line, 32 hexadecimal digits first
     */
    public static LocalAddresses parse(String fibTrie, String ifInet6) {
        Set<InetAddress> found = new LinkedHashSet<>();
        String leaf = "";
        for (String raw : fibTrie.split("\n", -1)) {
            String line = raw.strip();
            if (line.startsWith("|-- ")) {
                leaf = line.substring(4);
            } else if (line.equals("/32 host LOCAL")) {
                add(found, dottedQuad(leaf));
            }
        }
        for (String line : ifInet6.split("\n", -1)) {
            int end = line.indexOf(' ');
            add(found, end == 32 ? hexadecimal(line.substring(0, end)) : new byte[0]);
        }
        return new LocalAddresses(new ArrayList<>(found));
    }

    private static void add(Set<InetAddress> found, byte[] address) {
        if (address.length == 0 || found.size() >= MAX_ADDRESSES) {
            return;
        }
        try {
            InetAddress parsed = InetAddress.getByAddress(address);
            if (!parsed.isLinkLocalAddress() && !parsed.isMulticastAddress() && !parsed.isAnyLocalAddress()) {
                found.add(parsed);
            }
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    private static byte[] dottedQuad(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] address = new byte[4];
        if (parts.length != 4) {
            return new byte[0];
        }
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
                return new byte[0];
            }
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    private static byte[] hexadecimal(String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
