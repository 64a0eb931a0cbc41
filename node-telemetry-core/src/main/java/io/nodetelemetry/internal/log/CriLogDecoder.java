package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.ascii;
import static io.nodetelemetry.internal.log.LineShape.startsWith;

import io.nodetelemetry.internal.log.StreamLines.Stream;

/**
 * Lines as Kubernetes' Container Runtime Interface has them, and Podman's {@code k8s-file}: time (RFC 3339), stream,
 * tags and text, with a blank between them. The first tag tells parts of a line, {@code P}, from its end, {@code F}.
 */
final class CriLogDecoder implements LogDecoder {
    private static final byte[] STDOUT = ascii("stdout ");
    private static final byte[] STDERR = ascii("stderr ");
    private static final int MAX_TIME = 40;
    /** Of the time: digits are zeros here, other characters are themselves. */
    private static final byte[] TIME = ascii("0000-00-00T00:00:00");

    private final PartialLine out;
    private final PartialLine err;
    private long undecodable;

    CriLogDecoder(StreamLines lines) {
        out = new PartialLine(Stream.OUT, lines);
        err = new PartialLine(Stream.ERR, lines);
    }

    @Override
    public void line(byte[] line, int from, int to, boolean cut) {
        int start = LineShape.skipNuls(line, from, to);
        if (start > from) {
            undecodable++;
        }
        if ((start == from || start < to) && !read(line, start, to)) {
            undecodable++;
        }
    }

    private boolean read(byte[] line, int from, int to) {
        int at = timeEnd(line, from, to);
        boolean isErr = startsWith(line, at, to, STDERR);
        if (at == from || !(isErr || startsWith(line, at, to, STDOUT))) {
            return false;
        }
        int tag = at + STDOUT.length;
        int end = tag;
        while (end < to && line[end] != ' ') {
            end++;
        }
        boolean isTag = end == tag + 1 || (end > tag && line[tag + 1] == ':');
        if (!isTag || (line[tag] != 'P' && line[tag] != 'F')) {
            return false;
        }
        PartialLine stream = isErr ? err : out;
        int text = Math.min(end + 1, to);
        if (line[tag] == 'P') {
            stream.part(line, text, to);
        } else {
            stream.last(line, text, to);
        }
        return true;
    }

    /** The index behind the blank that follows the time, or {@code from} if there is no time. */
    private static int timeEnd(byte[] line, int from, int to) {
        if (to - from < TIME.length) {
            return from;
        }
        for (int i = 0; i < TIME.length; i++) {
            byte b = line[from + i];
            if (TIME[i] == '0' ? !Ascii.isDigit(b) : b != TIME[i]) {
                return from;
            }
        }
        int end = Math.min(to, from + MAX_TIME);
        for (int i = from + TIME.length; i < end; i++) {
            if (line[i] == ' ') {
                return i + 1;
            }
        }
        return from;
    }

    @Override
    public void end() {
        out.end();
        err.end();
    }

    @Override
    public long undecodable() {
        return undecodable;
    }
}
