package io.nodetelemetry.internal.source.cgroupfs;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory of a container at one moment. All are empty without the {@code memory} controller.
 *
 * @param rssBytes anonymous pages and mapped files of its processes
 * @param cacheBytes page cache that it is charged for
 * @param limit its own limit; those of the cgroups around it may be smaller
 */
public record MemoryAccount(OptionalLong rssBytes, OptionalLong cacheBytes, Optional<MemoryLimit> limit) {}
