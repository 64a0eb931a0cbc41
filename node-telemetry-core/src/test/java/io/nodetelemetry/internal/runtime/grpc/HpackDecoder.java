package io.nodetelemetry.internal.runtime.grpc;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Header blocks of one HTTP/2 connection as a client writes them (RFC 7541). A field that occurs twice: the last one. */
final class HpackDecoder {
    /** RFC 7541, appendix A: name, or name=value. */
    private static final String[] STATIC = """
            :authority
            :method=GET
            :method=POST
            :path=/
            :path=/index.html
            :scheme=http
            :scheme=https
            :status=200
            :status=204
            :status=206
            :status=304
            :status=400
            :status=404
            :status=500
            accept-charset
            accept-encoding=gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate
            """.split("\n", -1);

    private static final int STATIC_SIZE = 61;

    private record Field(String name, String value) {
        int size() {
            return name.length() + value.length() + 32;
        }
    }

    /** Newest first. */
    private final List<Field> dynamic = new ArrayList<>();

    private int limit = 4_096;

    Map<String, String> decode(byte[] block) throws ProtocolException {
        Map<String, String> headers = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(block);
        while (in.hasRemaining()) {
            int first = in.get(in.position());
            if ((first & 0x80) != 0) {
                Field field = field(integer(in, 7));
                headers.put(field.name(), field.value());
            } else if ((first & 0xe0) == 0x20) {
                limit = integer(in, 5);
                evict();
            } else {
                boolean indexed = (first & 0x40) != 0;
                int index = integer(in, indexed ? 6 : 4);
                String name = index == 0 ? text(in) : field(index).name();
                Field field = new Field(name, text(in));
                headers.put(field.name(), field.value());
                if (indexed) {
                    dynamic.addFirst(field);
                    evict();
                }
            }
        }
        return headers;
    }

    private void evict() {
        while (dynamic.stream().mapToInt(Field::size).sum() > limit) {
            dynamic.removeLast();
        }
    }

    private Field field(int index) throws ProtocolException {
        if (index >= 1 && index <= STATIC_SIZE) {
            String entry = STATIC[index - 1];
            int equals = entry.indexOf('=');
            return equals < 0
                    ? new Field(entry, "")
                    : new Field(entry.substring(0, equals), entry.substring(equals + 1));
        }
        if (index == 0 || index > STATIC_SIZE + dynamic.size()) {
            throw new ProtocolException("index " + index);
        }
        return dynamic.get(index - STATIC_SIZE - 1);
    }

    private static int integer(ByteBuffer in, int prefixBits) {
        int mask = (1 << prefixBits) - 1;
        int value = in.get() & mask;
        if (value < mask) {
            return value;
        }
        int shift = 0;
        int part;
        do {
            part = in.get();
            value += (part & 0x7f) << shift;
            shift += 7;
        } while ((part & 0x80) != 0);
        return value;
    }

    private static String text(ByteBuffer in) throws ProtocolException {
        boolean huffman = (in.get(in.position()) & 0x80) != 0;
        byte[] bytes = new byte[integer(in, 7)];
        in.get(bytes);
        return new String(huffman ? Huffman.decode(bytes) : bytes, StandardCharsets.UTF_8);
    }

    /** RFC 7541, appendix B. The code is canonical, so the lengths say it all. */
    private static final class Huffman {
        private static final int[] LENGTHS = {
            13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
            28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
            8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
            13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13
        };

        private Huffman() {}

        /** ASCII only: clients send nothing else. */
        static byte[] decode(byte[] coded) throws ProtocolException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            long code = 0;
            int length = 0;
            for (int bit = 0; bit < coded.length * 8; bit++) {
                code = code << 1 | (coded[bit / 8] >> (7 - bit % 8) & 1);
                length++;
                int symbol = symbol(code, length);
                if (symbol >= 0) {
                    out.write(symbol);
                    code = 0;
                    length = 0;
                }
            }
            if (length > 7 || code != (1L << length) - 1) {
                throw new ProtocolException("padding of a Huffman-coded text");
            }
            return out.toByteArray();
        }

        /** The symbol of a code; -1 if it is the beginning of longer ones. */
        private static int symbol(long code, int length) {
            long next = 0;
            for (int bits = 5; bits <= length; bits++) {
                next <<= 1;
                for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                    if (LENGTHS[symbol] == bits) {
                        if (bits == length && code == next) {
                            return symbol;
                        }
                        next++;
                    }
                }
            }
            return -1;
        }
    }
}
