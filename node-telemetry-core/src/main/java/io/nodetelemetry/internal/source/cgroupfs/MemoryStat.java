package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import java.util.OptionalLong;

/**
 * What the memory charged to a cgroup and all below it is used for: {@code memory.stat}, in bytes
 * (Documentation/admin-guide/cgroup-v2.rst, Documentation/admin-guide/cgroup-v1/memory.rst).
 *
 * @param rssBytes anonymous pages and mapped files: v2 {@code anon} and {@code file_mapped}, v1 {@code total_rss} and
 *     {@code total_mapped_file}
 * @param cacheBytes the page cache, tmpfs and mapped files among it: v2 {@code file}, v1 {@code total_cache}
 */
record MemoryStat(OptionalLong rssBytes, OptionalLong cacheBytes) {
    static final MemoryStat NOTHING = new MemoryStat(OptionalLong.empty(), OptionalLong.empty());

    /** On v2. */
    static MemoryStat parseV2(KernelText text) {
        return parse(text, "anon", "file_mapped", "file");
    }

    /** On v1, where the keys without {@code total_} leave out what is below. */
    static MemoryStat parseV1(KernelText text) {
        return parse(text, "total_rss", "total_mapped_file", "total_cache");
    }

    private static MemoryStat parse(KernelText text, String anonymousKey, String mappedKey, String cacheKey) {
        OptionalLong anonymous = OptionalLong.empty();
        OptionalLong mapped = OptionalLong.empty();
        OptionalLong cache = OptionalLong.empty();
        while (text.nextLine()) {
            if (!text.nextWord()) {
                continue;
            }
            if (text.is(anonymousKey)) {
                anonymous = text.nextNumber();
            } else if (text.is(mappedKey)) {
                mapped = text.nextNumber();
            } else if (text.is(cacheKey)) {
                cache = text.nextNumber();
            }
        }
        return new MemoryStat(sum(anonymous, mapped), cache);
    }

    private static OptionalLong sum(OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent() && a.getAsLong() <= Long.MAX_VALUE - b.getAsLong()
                ? OptionalLong.of(a.getAsLong() + b.getAsLong())
                : OptionalLong.empty();
    }
}
