package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.ContainerLogFile;

/**
 * Takes lines as a runtime writes them to its file and gives the lines that the container wrote. What the runtime wrote
 * in parts is joined. Memory is bounded. Belongs to one thread.
 */
public sealed interface LogDecoder permits DockerLogDecoder, CriLogDecoder, PlainLogDecoder {
    /** Bytes of a line that are kept; what goes beyond is passed over. */
    int MAX_LINE = 64 * 1024;

    /** A decoder of lines as that runtime writes them. */
    static LogDecoder of(ContainerLogFile.Format format, StreamLines to) {
        return switch (format) {
            case DOCKER_JSON -> new DockerLogDecoder(to);
            case CRI -> new CriLogDecoder(to);
        };
    }

    /** A decoder of lines as the container wrote them, such as those of a file that it writes itself. */
    static LogDecoder plain(StreamLines to) {
        return new PlainLogDecoder(to);
    }

    /**
     * Takes a line of the file, without its line feed.
     *
     * @param cut whether the line went on beyond what is there
     */
    void line(byte[] line, int from, int to, boolean cut);

    /** Nothing follows for now: what is there of a line that came in parts goes on as it is, and large buffers go. */
    void end();

    /** Lines that were no lines of this format, so nobody got them; a run of NULs in front of a line is one. */
    long undecodable();
}
