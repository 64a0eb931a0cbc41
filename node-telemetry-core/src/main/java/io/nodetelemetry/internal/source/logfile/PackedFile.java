package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A file of a log that was packed by gzip(1) or alike, as RFC 1952 has it. Nobody writes to it any more. */
final class PackedFile implements AutoCloseable {
    private static final int INPUT_BYTES = 8_192;

    /** Little that is packed may be a lot; no runtime has files that large unless told to. */
    private static final long MAX_BYTES = 1L << 30;

    private final Bench bench;
    private final Fd fd;
    private final FileStatus status;
    private final LineSplitter lines;
    private @Nullable InputStream unpacked;
    private long taken;

    /** Takes over the descriptor, which is closed if this fails. */
    PackedFile(Bench bench, Fd fd) throws IOException {
        this.bench = bench;
        this.fd = fd;
        lines = new LineSplitter(bench);
        try {
            status = bench.access.status(fd);
        } catch (IOException | RuntimeException e) {
            bench.release(fd);
            throw e;
        }
    }

    FileStatus status() {
        return status;
    }

    /** Takes what it begins with. Returns how many bytes that are: 0 if it is empty, unfinished or no packed file. */
    int start(byte[] into) {
        try (InputStream all = unpack()) {
            return all.readNBytes(into, 0, into.length);
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Reads on, so many bytes or somewhat more.
     *
     * @return whether there is more
     * @throws IOException if it is damaged, unfinished or too large
     */
    boolean read(long budget, LineReceiver receiver) throws IOException {
        InputStream from = unpacked == null ? unpack() : unpacked;
        unpacked = from;
        long end = taken + budget;
        while (taken < end) {
            int fresh = from.readNBytes(bench.buffer, bench.dataAt, Bench.CHUNK);
            if (fresh == 0) {
                return false;
            }
            taken += fresh;
            if (taken > MAX_BYTES) {
                throw new IOException("more than " + MAX_BYTES + " bytes are packed");
            }
            lines.take(fresh, receiver);
        }
        return true;
    }

    /** Nothing follows: gives what there is of a line. */
    void end(LineReceiver receiver) {
        lines.end(receiver);
    }

    private InputStream unpack() throws IOException {
        return new GZIPInputStream(new Content(), INPUT_BYTES);
    }

    /** The bytes of the file. Closing it leaves the descriptor open. */
    private final class Content extends InputStream {
        private long offset;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int read = bench.access.read(fd, offset, into, at, length);
            offset += read;
            return read == 0 ? -1 : read;
        }
    }

    @Override
    public void close() {
        if (unpacked != null) {
            try {
                unpacked.close();
            } catch (IOException e) {
                throw new AssertionError("memory cannot fail to be given back", e);
            }
        }
        bench.release(fd);
    }
}
