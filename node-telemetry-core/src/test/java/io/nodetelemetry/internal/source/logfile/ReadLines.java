package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Keeps the lines that it is given. */
final class ReadLines implements LineReceiver {
    final List<String> lines = new ArrayList<>();
    final List<Integer> cut = new ArrayList<>();
    int room = Integer.MAX_VALUE;
    long skipped;

    @Override
    public int room() {
        return room;
    }

    @Override
    public void line(byte[] buffer, int from, int to, boolean isCut) {
        if (isCut) {
            cut.add(lines.size());
        }
        lines.add(new String(buffer, from, to - from, UTF_8));
    }

    @Override
    public void skipped(long count) {
        skipped += count;
    }
}
