package io.nodetelemetry.internal.log;

import io.nodetelemetry.internal.log.StreamLines.Stream;

/** Lines of a file as a program wrote them. */
final class PlainLogDecoder implements LogDecoder {
    private final PartialLine line;
    private long undecodable;

    PlainLogDecoder(StreamLines lines) {
        line = new PartialLine(Stream.OUT, lines);
    }

    @Override
    public void line(byte[] text, int from, int to, boolean cut) {
        int start = LineShape.skipNuls(text, from, to);
        if (start > from) {
            undecodable++;
        }
        if (start == from || start < to) {
            line.last(text, start, to);
        }
    }

    @Override
    public void end() {}

    @Override
    public long undecodable() {
        return undecodable;
    }
}
