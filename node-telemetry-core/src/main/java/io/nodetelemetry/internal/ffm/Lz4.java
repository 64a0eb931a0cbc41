package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/** Blocks of LZ4, unpacked by the system's liblz4. For one thread. */
public final class Lz4 implements Decompressor {
    /** The function, bound when the library is first asked for. */
    static final class Calls {
        final CLibrary library;
        final MethodHandle decompress;

        Calls() throws LibraryUnavailableException {
            library = CLibrary.open("liblz4.so.1", "install liblz4-1 (Debian) or lz4-libs (Fedora)");
            decompress = library.bind("int LZ4_decompress_safe_partial(const char *src, char *dst, int srcSize,"
                    + " int targetOutputSize, int dstCapacity)");
        }
    }

    private final Calls calls;
    private final Arena arena = Arena.ofShared();
    private MemorySegment source = arena.allocate(0);
    private MemorySegment target = arena.allocate(0);

    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    private Lz4(Calls calls) {
        this.calls = calls;
    }

    /**
     * Finds the library.
     *
     * @throws LibraryUnavailableException if it is missing or native access is not granted
     */
    public static Lz4 open() throws LibraryUnavailableException {
        return new Lz4(new Calls());
    }

    @Override
    public OptionalInt decompress(byte[] from, int at, int length, byte[] to) {
        source = roomFor(source, length);
        target = roomFor(target, to.length);
        MemorySegment.copy(from, at, source, ValueLayout.JAVA_BYTE, 0, length);
        int written;
        try {
            written = (int) calls.decompress.invokeExact(source, target, length, to.length, to.length);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
        if (written <= 0) {
            return OptionalInt.empty();
        }
        MemorySegment.copy(target, ValueLayout.JAVA_BYTE, 0, to, 0, written);
        return OptionalInt.of(written);
    }

    private MemorySegment roomFor(MemorySegment room, long bytes) {
        // At least twice as large as before: together the old ones, which live as long as the arena, take no more.
        return room.byteSize() >= bytes ? room : arena.allocate(Math.max(bytes, room.byteSize() * 2));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
