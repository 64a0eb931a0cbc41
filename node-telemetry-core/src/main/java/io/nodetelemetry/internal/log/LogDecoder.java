package io.nodetelemetry.internal.log;

/**
 * Takes lines as a runtime writes them to its file and gives the lines that the container wrote. What the runtime wrote
 * in parts is joined. Memory is bounded. Belongs to one thread.
 */
public interface LogDecoder {
    /**
     * Takes a line of the file, without its line feed.
     *
     * @param cut whether the line went on beyond what is there
     */
    void line(byte[] line, int from, int to, boolean cut);

    /** Nothing follows for now: what is there of a line that came in parts goes on as it is. */
    void end();

    /** Lines that were no lines of this format, so nobody got them. */
    long undecodable();
}
