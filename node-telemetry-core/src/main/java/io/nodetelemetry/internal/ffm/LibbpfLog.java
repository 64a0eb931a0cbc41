package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What libbpf prints, kept per thread while one of our calls runs and shown only when that call fails.
 *
 * <p>libbpf has one print callback for the whole process, stderr unless somebody sets it. {@link #install} replaces it
 * once, for good: messages of other users of libbpf in the same process are dropped from then on, unless they set
 * their own callback, after which our exceptions come without libbpf's words.
 */
final class LibbpfLog {
    private static final Logger LOG = LoggerFactory.getLogger(LibbpfLog.class);

    /** LIBBPF_WARN and LIBBPF_INFO are kept; LIBBPF_DEBUG tells every relocation. */
    private static final int LEVEL_DEBUG = LibbpfObjects.LIBRARY.constant("LIBBPF_DEBUG", 2);

    /** The verifier's output can have 16 MiB; its end holds the reason. */
    private static final int MAX_MESSAGE_BYTES = 17 << 20;

    /** {@code va_list} is 24 bytes on x86-64 and 32 on arm64, on the stack of the caller in both. */
    private static final int VA_LIST_BYTES = 32;

    private static final FunctionDescriptor PRINT = LibbpfObjects.LIBRARY.callback(
            "int libbpf_print_fn_t(enum libbpf_print_level level, const char *format, va_list arguments)");

    private static final ThreadLocal<@Nullable Capture> ACTIVE = new ThreadLocal<>();

    private LibbpfLog() {}

    /** Replaces libbpf's print callback for the whole process. */
    @SuppressWarnings("restricted")
    static void install() {
        try {
            MethodHandle print = MethodHandles.lookup().findStatic(LibbpfLog.class, "print", PRINT.toMethodType());
            MemorySegment previous =
                    LibbpfObjects.setPrint(Linker.nativeLinker().upcallStub(print, PRINT, Arena.global()));
            LOG.debug("libbpf's print callback replaced, it was at 0x{}", Long.toHexString(previous.address()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a native binding is broken", e);
        }
    }

    /** Keeps what libbpf prints on this thread until the result is closed. */
    static Capture capture() {
        Capture capture = new Capture(ACTIVE.get());
        ACTIVE.set(capture);
        return capture;
    }

    /** The text of one captured call; belongs to the thread that began it. */
    static final class Capture implements AutoCloseable {
        /** Old text goes first: the end tells why. */
        private static final int MAX_CHARS = 1 << 20;

        private final @Nullable Capture outer;
        private final StringBuilder text = new StringBuilder();

        private Capture(@Nullable Capture outer) {
            this.outer = outer;
        }

        void append(String message) {
            text.append(message);
            if (text.length() > MAX_CHARS) {
                text.delete(0, text.length() - MAX_CHARS);
            }
        }

        String text() {
            return text.toString();
        }

        @Override
        public void close() {
            if (outer == null) {
                ACTIVE.remove();
            } else {
                ACTIVE.set(outer);
            }
        }
    }

    /** The upcall: an exception that left it would end the JVM. */
    @SuppressWarnings("unused") // called by libbpf
    private static int print(int level, MemorySegment format, MemorySegment arguments) {
        try {
            Capture capture = ACTIVE.get();
            if (capture != null && level < LEVEL_DEBUG) {
                capture.append(message(format, arguments));
            }
        } catch (Throwable t) {
            try {
                LOG.debug("a message of libbpf is lost", t);
            } catch (Throwable ignored) {
                return 0;
            }
        }
        return 0;
    }

    @SuppressWarnings("restricted")
    private static String message(MemorySegment format, MemorySegment arguments) {
        MemorySegment original = arguments.reinterpret(VA_LIST_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            // vsnprintf uses a va_list up: measure with one copy, write with another.
            MemorySegment copy = arena.allocate(VA_LIST_BYTES, Long.BYTES);
            int length = Libc.format(MemorySegment.NULL, format, copy.copyFrom(original));
            if (length <= 0) {
                return "";
            }
            int held = Math.min(length, MAX_MESSAGE_BYTES);
            MemorySegment buffer = arena.allocate(held + 1L);
            Libc.format(buffer, format, copy.copyFrom(original));
            int from = Math.max(0, held - Capture.MAX_CHARS);
            byte[] bytes = new byte[held - from];
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, from, bytes, 0, bytes.length);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
