package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/** Frames of Zstandard, unpacked by the system's libzstd. For one thread. */
public final class Zstd implements Decompressor {
    private static final String SONAME = "libzstd.so.1";

    /** A frame that asks for a larger window is refused: 8 MiB, as a power of two. */
    private static final int MAX_WINDOW_LOG = 23;

    /** The functions, bound when the library is first asked for. */
    static final class Calls {
        static final StructLayout IN_BUFFER = MemoryLayout.structLayout(
                ValueLayout.ADDRESS.withName("src"),
                ValueLayout.JAVA_LONG.withName("size"),
                ValueLayout.JAVA_LONG.withName("pos"));
        static final StructLayout OUT_BUFFER = MemoryLayout.structLayout(
                ValueLayout.ADDRESS.withName("dst"),
                ValueLayout.JAVA_LONG.withName("size"),
                ValueLayout.JAVA_LONG.withName("pos"));
        static final long SIZE = IN_BUFFER.byteOffset(PathElement.groupElement("size"));
        static final long POSITION = IN_BUFFER.byteOffset(PathElement.groupElement("pos"));

        final CLibrary library;
        final int windowLogMax;
        final MethodHandle create;
        final MethodHandle free;
        final MethodHandle setParameter;
        final MethodHandle init;
        final MethodHandle decompress;
        final MethodHandle isError;
        final MethodHandle version;

        Calls() throws LibraryUnavailableException {
            library = CLibrary.open(SONAME, "install libzstd1 (Debian) or libzstd (Fedora)");
            library.struct("ZSTD_inBuffer", IN_BUFFER);
            library.struct("ZSTD_outBuffer", OUT_BUFFER);
            windowLogMax = library.constant("ZSTD_d_windowLogMax", 100);
            create = library.bind("ZSTD_DStream *ZSTD_createDStream(void)");
            free = library.bind("size_t ZSTD_freeDStream(ZSTD_DStream *zds)");
            setParameter =
                    library.bind("size_t ZSTD_DCtx_setParameter(ZSTD_DCtx *dctx, ZSTD_dParameter param, int value)");
            init = library.bind("size_t ZSTD_initDStream(ZSTD_DStream *zds)");
            decompress = library.bind("size_t ZSTD_decompressStream(ZSTD_DStream *zds, ZSTD_outBuffer *output,"
                    + " ZSTD_inBuffer *input)");
            isError = library.bind("unsigned int ZSTD_isError(size_t code)");
            version = library.bind("const char *ZSTD_versionString(void)");
        }
    }

    private final Calls calls;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment stream;
    private final MemorySegment input = arena.allocate(Calls.IN_BUFFER);
    private final MemorySegment output = arena.allocate(Calls.OUT_BUFFER);
    private MemorySegment source = arena.allocate(0);
    private MemorySegment target = arena.allocate(0);

    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    private Zstd(Calls calls) {
        this.calls = calls;
        try {
            stream = (MemorySegment) calls.create.invokeExact();
            if (stream.address() == 0) {
                throw new OutOfMemoryError("ZSTD_createDStream");
            }
            check((long) calls.setParameter.invokeExact(stream, calls.windowLogMax, MAX_WINDOW_LOG));
        } catch (Throwable t) {
            arena.close();
            throw CLibrary.broken(t);
        }
    }

    /**
     * Finds the library.
     *
     * @throws LibraryUnavailableException if it is missing or native access is not granted
     */
    public static Zstd open() throws LibraryUnavailableException {
        return new Zstd(new Calls());
    }

    /**
     * The version of the library, such as {@code 1.5.4}.
     *
     * @throws LibraryUnavailableException if it is missing or native access is not granted
     */
    public static String version() throws LibraryUnavailableException {
        MethodHandle version = new Calls().version;
        try {
            return CLibrary.string((MemorySegment) version.invokeExact());
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    @Override
    public OptionalInt decompress(byte[] from, int at, int length, byte[] to) {
        source = roomFor(source, length);
        target = roomFor(target, to.length);
        MemorySegment.copy(from, at, source, ValueLayout.JAVA_BYTE, 0, length);
        buffer(input, source, length);
        buffer(output, target, to.length);
        try {
            check((long) calls.init.invokeExact(stream));
            boolean more = true;
            while (more) {
                long before = position(input) + position(output);
                long result = (long) calls.decompress.invokeExact(stream, output, input);
                if ((int) calls.isError.invokeExact(result) != 0) {
                    return OptionalInt.empty();
                }
                // Nothing is left of the frame, there is no room, or nothing more can be made of what is there.
                more = result != 0 && position(output) < to.length && position(input) + position(output) > before;
            }
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
        int written = (int) position(output);
        MemorySegment.copy(target, ValueLayout.JAVA_BYTE, 0, to, 0, written);
        return written == 0 ? OptionalInt.empty() : OptionalInt.of(written);
    }

    private void check(long result) throws Throwable {
        if ((int) calls.isError.invokeExact(result) != 0) {
            throw new IllegalStateException(SONAME + " refuses its own parameters");
        }
    }

    private static void buffer(MemorySegment struct, MemorySegment bytes, long size) {
        struct.set(ValueLayout.ADDRESS, 0, bytes);
        struct.set(ValueLayout.JAVA_LONG, Calls.SIZE, size);
        struct.set(ValueLayout.JAVA_LONG, Calls.POSITION, 0);
    }

    private static long position(MemorySegment struct) {
        return struct.get(ValueLayout.JAVA_LONG, Calls.POSITION);
    }

    private MemorySegment roomFor(MemorySegment room, long bytes) {
        // At least twice as large as before: together the old ones, which live as long as the arena, take no more.
        return room.byteSize() >= bytes ? room : arena.allocate(Math.max(bytes, room.byteSize() * 2));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            try {
                long ignored = (long) calls.free.invokeExact(stream);
            } catch (Throwable t) {
                throw CLibrary.broken(t);
            }
            arena.close();
        }
    }
}
