package io.nodetelemetry.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one HTTP/1.1 answer (RFC 9112) from a side that is not trusted: every length has a limit. */
public final class HttpResponseReader {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final int MAX_LINE = 8_192;
    private static final int MAX_HEADERS = 100;

    /** Where bytes come from; -1 at the end. */
    public interface Source {
        /** Reads at least one byte. */
        int read(ByteBuffer buffer) throws IOException;
    }

    private final Source source;
    private final int maxBody;
    private final ByteBuffer buffer = ByteBuffer.allocate(16_384).flip();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /**
     * Reads nothing yet.
     *
     * @param maxBody in bytes
     */
    public HttpResponseReader(Source source, int maxBody) {
        this.source = source;
        this.maxBody = maxBody;
    }

    /**
     * Reads to the end of the answer.
     *
     * @throws IOException if it is no HTTP, is cut off, or is larger than allowed
     */
    public HttpResponse read() throws IOException {
        String line = line();
        Matcher status = STATUS.matcher(line);
        if (!status.matches()) {
            throw new IOException("not an HTTP answer: '" + excerpt(line) + "'");
        }
        long length = -1;
        boolean chunked = false;
        int headers = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (++headers > MAX_HEADERS) {
                throw new IOException("more than " + MAX_HEADERS + " header fields");
            }
            int colon = header.indexOf(':');
            String name = header.substring(0, Math.max(0, colon));
            String value = header.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Content-Length")) {
                length = number(value, 10);
            } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            }
        }
        if (chunked) {
            chunks();
        } else if (length >= 0) {
            take(length);
        } else {
            rest();
        }
        return new HttpResponse(Integer.parseInt(status.group(1)), body.toByteArray());
    }

    private void chunks() throws IOException {
        while (true) {
            String line = line();
            int extension = line.indexOf(';');
            long size = number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
            if (size == 0) {
                // Trailers are of no interest, and the connection is not used again.
                return;
            }
            take(size);
            if (!line().isEmpty()) {
                throw new IOException("a chunk is longer than it said");
            }
        }
    }

    private void take(long length) throws IOException {
        if (body.size() + length > maxBody) {
            throw new IOException("the answer is larger than " + maxBody + " bytes");
        }
        long left = length;
        while (left > 0) {
            fill();
            int count = (int) Math.min(left, buffer.remaining());
            body.write(buffer.array(), buffer.position(), count);
            buffer.position(buffer.position() + count);
            left -= count;
        }
    }

    /** Without a length the body ends with the connection. */
    private void rest() throws IOException {
        while (more()) {
            if (body.size() + buffer.remaining() > maxBody) {
                throw new IOException("the answer is larger than " + maxBody + " bytes");
            }
            body.write(buffer.array(), buffer.position(), buffer.remaining());
            buffer.position(buffer.limit());
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            fill();
            char c = (char) (buffer.get() & 0xff);
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (line.length() >= MAX_LINE) {
                throw new IOException("a line is longer than " + MAX_LINE + " bytes");
            }
            line.append(c);
        }
    }

    private void fill() throws IOException {
        if (!more()) {
            throw new IOException("the answer is cut off");
        }
    }

    private boolean more() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        int count = source.read(buffer);
        buffer.flip();
        return count > 0;
    }

    private static long number(String text, int radix) throws IOException {
        try {
            if (!text.matches("[0-9a-fA-F]{1,15}")) {
                throw new NumberFormatException();
            }
            return Long.parseLong(text, radix);
        } catch (NumberFormatException e) {
            throw new IOException("not a length: '" + excerpt(text) + "'", e);
        }
    }

    /** Text of a stranger, for a message: short and printable. */
    private static String excerpt(String text) {
        return text.substring(0, Math.min(40, text.length())).replaceAll("[^ -~]", "?");
    }
}
