package io.nodetelemetry.internal.source.logfile;

/** Takes the lines of one log, one after the other, on the thread that reads. */
public interface LineReceiver {
    /**
     * How many lines it takes for now. What comes after them is not given to it but counted.
     */
    int room();

    /**
     * Takes a line without its line feed.
     *
     * @param buffer holds it during the call only
     * @param cut whether the line went on beyond what is kept of one
     */
    void line(byte[] buffer, int from, int to, boolean cut);

    /** That many lines were passed over, as there was no room. */
    void skipped(long lines);
}
