package io.nodetelemetry.internal.ffm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attachment of a program; closing it detaches. The object of the program closes it at the latest. Safe for threads
 * to share.
 */
public final class BpfLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BpfLink.class);

    /** The kernel hands out at most eight pages of an iterator's output at once. */
    private static final int CHUNK_BYTES = 32 << 10;

    private final Object lock = new Object();
    private final BpfObject object;
    private final MemorySegment pointer;
    private final String program;
    private boolean closed;

    BpfLink(BpfObject object, MemorySegment pointer, String program) {
        this.object = object;
        this.pointer = pointer;
        this.program = program;
    }

    /**
     * Runs an iterator program over all its objects and returns what it wrote.
     *
     * @param maxBytes what the caller is ready to hold; more output is an {@link IOException}, not a cut
     */
    public byte[] runIterator(int maxBytes) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        runIterator((bytes, length) -> {
            if (output.size() + length > maxBytes) {
                throw new IOException("iterator " + program + " wrote more than " + maxBytes + " bytes");
            }
            output.write(bytes, 0, length);
        });
        return output.toByteArray();
    }

    /** Runs an iterator and hands out what it writes, in pieces that end anywhere. */
    public void runIterator(Output to) throws IOException {
        try (Fd iterator = createIterator();
                Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK_BYTES);
            byte[] bytes = new byte[CHUNK_BYTES];
            while (true) {
                long read = Libc.read(iterator, chunk);
                if (read == 0) {
                    return;
                }
                // EAGAIN: the kernel went over a million objects without output and wants to be called again.
                if (read == -Errno.EINTR || read == -Errno.EAGAIN) {
                    continue;
                }
                if (read < 0) {
                    throw new ErrnoException("read iterator " + program, (int) -read);
                }
                MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) read);
                to.take(bytes, (int) read);
            }
        }
    }

    private Fd createIterator() throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("the link of " + program + " is closed");
            }
            int fd = LibbpfSyscalls.iterCreate(LibbpfObjects.linkFd(pointer));
            if (fd < 0) {
                throw new ErrnoException("bpf_iter_create " + program, -fd);
            }
            return new Fd(fd);
        }
    }

    /** Takes what an iterator writes. */
    @FunctionalInterface
    public interface Output {
        /**
         * The next piece.
         *
         * @param bytes hold it during the call only
         * @throws IOException ends the iteration
         */
        void take(byte[] bytes, int length) throws IOException;
    }

    /** Detaches; does nothing the second time. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            int result = LibbpfObjects.linkDestroy(pointer);
            if (result != 0) {
                LOG.debug("detach of {}: {}", program, Errno.name(-result));
            }
        }
        object.disown(this);
    }
}
