package io.nodetelemetry.internal.log;

/** Takes the lines that were written to the streams of a process, one after the other. */
@FunctionalInterface
public interface StreamLines {
    /** Which stream a line was written to. */
    enum Stream {
        /** Standard output, or the only stream there is. */
        OUT,
        /** Standard error. */
        ERR
    }

    /** Takes a line without its line feed; the buffer holds it during the call only. */
    void line(Stream stream, byte[] text, int from, int to);
}
