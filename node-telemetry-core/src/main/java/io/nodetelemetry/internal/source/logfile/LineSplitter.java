package io.nodetelemetry.internal.source.logfile;

/**
 * Makes lines of the bytes of one file. A line that is not finished is kept for later, so far as lines are kept. NULs
 * before a line are passed over: a file has them where it was truncated under a writer that does not append.
 */
final class LineSplitter {
    private static final byte[] NOTHING = new byte[0];

    private final Bench bench;
    private byte[] unfinished = NOTHING;

    /** What comes up to the next line feed belongs to a line that was given already, or is no whole line. */
    private boolean passing;

    LineSplitter(Bench bench) {
        this.bench = bench;
    }

    /** Passes over what comes up to the next line feed. */
    void passRest() {
        passing = true;
    }

    /** Takes what stands in the buffer from {@link Bench#dataAt} on. */
    void take(int length, LineReceiver receiver) {
        byte[] buffer = bench.buffer;
        int at = bench.dataAt;
        int to = at + length;
        int start = at - unfinished.length;
        System.arraycopy(unfinished, 0, buffer, start, unfinished.length);
        forget();
        int room = receiver.room();
        long skipped = 0;
        for (int feed = LineFeeds.next(buffer, at, to); feed < to; feed = LineFeeds.next(buffer, at, to)) {
            if (passing) {
                passing = false;
            } else if (room > 0) {
                room--;
                give(buffer, start, feed, receiver);
            } else {
                skipped++;
            }
            at = feed + 1;
            start = at;
        }
        if (!passing) {
            start = afterNuls(buffer, start, to);
            if (!keep(buffer, start, to)) {
                passing = true;
                if (room > 0) {
                    receiver.line(buffer, start, Math.min(to, start + bench.limits.maxLineBytes()), true);
                } else {
                    skipped++;
                }
            }
        }
        if (skipped > 0) {
            receiver.skipped(skipped);
        }
    }

    private void give(byte[] buffer, int from, int to, LineReceiver receiver) {
        int start = afterNuls(buffer, from, to);
        int end = Math.min(to, start + bench.limits.maxLineBytes());
        receiver.line(buffer, start, end, end < to);
    }

    private static int afterNuls(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to && buffer[at] == 0) {
            at++;
        }
        return at;
    }

    private boolean keep(byte[] buffer, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return true;
        }
        if (length > bench.limits.maxLineBytes()) {
            return false;
        }
        if (!bench.keep(length)) {
            bench.count(Loss.UNFINISHED_LIMIT);
            return false;
        }
        unfinished = new byte[length];
        System.arraycopy(buffer, from, unfinished, 0, length);
        return true;
    }

    /** Nothing follows: gives the unfinished line. */
    void end(LineReceiver receiver) {
        if (unfinished.length > 0) {
            byte[] line = unfinished;
            forget();
            if (receiver.room() > 0) {
                receiver.line(line, 0, line.length, false);
            } else {
                receiver.skipped(1);
            }
        }
        passing = false;
    }

    private void forget() {
        bench.forget(unfinished.length);
        unfinished = NOTHING;
    }
}
