package io.nodetelemetry.internal.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Remembers lines as {@code OUT text} and {@code ERR text}. */
final class RecordedLines implements StreamLines {
    final List<String> lines = new ArrayList<>();

    @Override
    public void line(Stream stream, byte[] text, int from, int to) {
        lines.add(stream + " " + new String(text, from, to - from, StandardCharsets.UTF_8));
    }

    /** Gives text to a decoder from the middle of a larger buffer. */
    static void give(LogDecoder decoder, String line, boolean cut) {
        byte[] bytes = ("\"\\" + line + "\"}n\\").getBytes(StandardCharsets.UTF_8);
        decoder.line(bytes, 2, bytes.length - 4, cut);
    }
}
