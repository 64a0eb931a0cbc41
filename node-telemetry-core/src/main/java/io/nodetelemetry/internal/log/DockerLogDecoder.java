package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.startsWith;

import io.nodetelemetry.internal.log.StreamLines.Stream;

/**
 * Lines of Docker's {@code json-file}. dockerd cuts what a container writes at 16 KiB: the text of a part does not end
 * with a line feed.
 *
 * <p>A disk that is full leaves half a record, with the next one behind it in the same line: that one is found.
 */
final class DockerLogDecoder implements LogDecoder {
    private static final int LINE_FEED = "\\n".length();
    private static final int TERMINAL_LINE_FEED = "\\r\\n".length();

    private final DockerRecord record = new DockerRecord();
    private final PartialLine out;
    private final PartialLine err;
    private long undecodable;

    DockerLogDecoder(StreamLines lines) {
        out = new PartialLine(Stream.OUT, lines);
        err = new PartialLine(Stream.ERR, lines);
    }

    @Override
    public void line(byte[] line, int from, int to, boolean cut) {
        int start = LineShape.skipNuls(line, from, to);
        if (start > from) {
            undecodable++;
            if (start == to) {
                return;
            }
        }
        if (record.read(line, start, to)) {
            give(line);
        } else if (cut && record.hasText()) {
            giveBeginning(line);
        } else {
            undecodable++;
            int last = lastRecord(line, start, to);
            if (last > start && record.read(line, last, to)) {
                give(line);
            }
        }
    }

    private void give(byte[] line) {
        PartialLine stream = record.isErr() ? err : out;
        int from = record.textFrom();
        int to = record.textTo();
        int escape = record.firstEscape();
        if (escape == JsonText.NONE) {
            stream.part(line, from, to);
        } else if ((escape == to - LINE_FEED && line[to - 1] == 'n')
                || (escape == to - TERMINAL_LINE_FEED
                        && line[to - 1] == 'n'
                        && line[to - 2] == '\\'
                        && line[to - 3] == 'r')) {
            stream.last(line, from, escape);
        } else {
            stream.escaped(line, from, to);
        }
    }

    /** The rest is unknown, and the stream with it: most likely it is that of which a part is here already. */
    private void giveBeginning(byte[] line) {
        boolean isErr = record.hasStream() ? record.isErr() : err.isOpen() && !out.isOpen();
        PartialLine stream = isErr ? err : out;
        stream.escaped(line, record.textFrom(), record.textTo());
        if (!record.isTextClosed()) {
            stream.finish();
        }
    }

    private static int lastRecord(byte[] line, int from, int to) {
        for (int i = to - DockerRecord.BEGIN.length; i > from; i--) {
            if (line[i] == '{' && startsWith(line, i, to, DockerRecord.BEGIN)) {
                return i;
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
