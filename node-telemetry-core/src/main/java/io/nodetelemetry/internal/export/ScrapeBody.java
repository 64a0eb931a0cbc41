package io.nodetelemetry.internal.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes bytes on in pieces small enough that a slow client is seen to make progress. */
final class ScrapeBody extends FilterOutputStream {
    private static final int PIECE = 16 * 1024;

    private final Visit visit;

    ScrapeBody(OutputStream out, Visit visit) {
        super(out);
        this.visit = visit;
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // a courtesy: correct without it
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += PIECE) {
            out.write(bytes, offset + done, Math.min(PIECE, length - done));
            visit.progress();
        }
        // Virtual threads are not preempted: without this, a fast client would keep a carrier for the whole scrape.
        Thread.yield();
    }

    /** Without a flush before: the end of the answer then travels with its last data. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
