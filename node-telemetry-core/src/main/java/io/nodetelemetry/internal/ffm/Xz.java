package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/** Streams of XZ, unpacked by the system's liblzma. For one thread. */
public final class Xz implements Decompressor {
    /** A stream that needs more is refused: journald asks for dictionaries of 1 MiB. */
    private static final long MAX_MEMORY_BYTES = 16 << 20;

    /** The functions, bound when the library is first asked for. */
    static final class Calls {
        /** What follows is the library's own, and zero at first. */
        static final StructLayout STREAM = MemoryLayout.structLayout(
                ValueLayout.ADDRESS.withName("next_in"),
                ValueLayout.JAVA_LONG.withName("avail_in"),
                ValueLayout.JAVA_LONG.withName("total_in"),
                ValueLayout.ADDRESS.withName("next_out"),
                ValueLayout.JAVA_LONG.withName("avail_out"),
                ValueLayout.JAVA_LONG.withName("total_out"),
                MemoryLayout.paddingLayout(88));

        static final long NEXT_IN = STREAM.byteOffset(PathElement.groupElement("next_in"));
        static final long AVAILABLE_IN = STREAM.byteOffset(PathElement.groupElement("avail_in"));
        static final long NEXT_OUT = STREAM.byteOffset(PathElement.groupElement("next_out"));
        static final long AVAILABLE_OUT = STREAM.byteOffset(PathElement.groupElement("avail_out"));

        final CLibrary library;
        final int ok;
        final int streamEnd;
        final int bufferError;
        final int run;
        final MethodHandle decoder;
        final MethodHandle code;
        final MethodHandle end;

        Calls() throws LibraryUnavailableException {
            library = CLibrary.open("liblzma.so.5", "install liblzma5 (Debian) or xz-libs (Fedora)");
            library.struct("lzma_stream", STREAM);
            ok = library.constant("LZMA_OK", 0);
            streamEnd = library.constant("LZMA_STREAM_END", 1);
            bufferError = library.constant("LZMA_BUF_ERROR", 10);
            run = library.constant("LZMA_RUN", 0);
            decoder =
                    library.bind("lzma_ret lzma_stream_decoder(lzma_stream *strm, uint64_t memlimit, uint32_t flags)");
            code = library.bind("lzma_ret lzma_code(lzma_stream *strm, lzma_action action)");
            end = library.bind("void lzma_end(lzma_stream *strm)");
        }
    }

    private final Calls calls;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment stream = arena.allocate(Calls.STREAM);
    private MemorySegment source = arena.allocate(0);
    private MemorySegment target = arena.allocate(0);

    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    private Xz(Calls calls) {
        this.calls = calls;
    }

    /**
     * Finds the library.
     *
     * @throws LibraryUnavailableException if it is missing or native access is not granted
     */
    public static Xz open() throws LibraryUnavailableException {
        return new Xz(new Calls());
    }

    @Override
    public OptionalInt decompress(byte[] from, int at, int length, byte[] to) {
        source = roomFor(source, length);
        target = roomFor(target, to.length);
        MemorySegment.copy(from, at, source, ValueLayout.JAVA_BYTE, 0, length);
        int result;
        try {
            // What the last one needed is used again.
            result = (int) calls.decoder.invokeExact(stream, MAX_MEMORY_BYTES, 0);
            stream.set(ValueLayout.ADDRESS, Calls.NEXT_IN, source);
            stream.set(ValueLayout.JAVA_LONG, Calls.AVAILABLE_IN, length);
            stream.set(ValueLayout.ADDRESS, Calls.NEXT_OUT, target);
            stream.set(ValueLayout.JAVA_LONG, Calls.AVAILABLE_OUT, to.length);
            while (result == calls.ok && left(Calls.AVAILABLE_OUT) > 0) {
                // Where nothing can be made of what is there, the second attempt says so.
                result = (int) calls.code.invokeExact(stream, calls.run);
            }
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
        int written = (int) (to.length - left(Calls.AVAILABLE_OUT));
        boolean isXz = result == calls.ok || result == calls.streamEnd || result == calls.bufferError;
        if (!isXz || written == 0) {
            return OptionalInt.empty();
        }
        MemorySegment.copy(target, ValueLayout.JAVA_BYTE, 0, to, 0, written);
        return OptionalInt.of(written);
    }

    private long left(long of) {
        return stream.get(ValueLayout.JAVA_LONG, of);
    }

    private MemorySegment roomFor(MemorySegment room, long bytes) {
        // At least twice as large as before: together the old ones, which live as long as the arena, take no more.
        return room.byteSize() >= bytes ? room : arena.allocate(Math.max(bytes, room.byteSize() * 2));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            try {
                calls.end.invokeExact(stream);
            } catch (Throwable t) {
                throw CLibrary.broken(t);
            }
            arena.close();
        }
    }
}
