package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much memory a cgroup and all below it may use: {@code memory.max} of v2 (Documentation/admin-guide/cgroup-v2.rst),
 * {@code memory.limit_in_bytes} of v1 (Documentation/admin-guide/cgroup-v1/memory.rst).
 */
public sealed interface MemoryLimit {
    /** A limit in bytes. */
    record Bytes(long count) implements MemoryLimit {
        /** v1 has no word for none: it says the largest number of whole pages, which depends on kernel and page size. */
        private static final long UNLIMITED_ABOVE = 1L << 62;
    }

    /** No limit. */
    enum None implements MemoryLimit {
        UNLIMITED
    }

    /** Reads either version's; empty if it is neither a number nor {@code max}. */
    static Optional<MemoryLimit> parse(KernelText text) {
        if (!text.nextLine() || !text.nextWord()) {
            return Optional.empty();
        }
        if (text.is("max")) {
            return Optional.of(None.UNLIMITED);
        }
        if (!text.isDigits()) {
            return Optional.empty();
        }
        OptionalLong bytes = text.number();
        return Optional.of(
                bytes.isEmpty() || bytes.getAsLong() > Bytes.UNLIMITED_ABOVE
                        ? None.UNLIMITED
                        : new Bytes(bytes.getAsLong()));
    }
}
