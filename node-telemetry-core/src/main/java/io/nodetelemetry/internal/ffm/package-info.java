/**
 * Bindings to libc and libbpf: the only package that imports {@code java.lang.foreign}. Signatures that others see hold
 * Java values and owners of kernel things ({@link io.nodetelemetry.internal.ffm.Fd},
 * {@link io.nodetelemetry.internal.ffm.BpfObject}), never memory segments, arenas or method handles.
 *
 * <p>Every C function, callback, struct and constant we rely on is declared through {@code CLibrary}, which keeps a
 * table of them; a test compiles that table against the C headers of the machine. Target data model: LP64,
 * little-endian, that is x86-64 and arm64.
 *
 * <p>Process-wide, and so shared with whatever else the host's JVM does: libbpf's print callback, which
 * {@link io.nodetelemetry.internal.ffm.Libbpf#load} replaces (see {@code LibbpfLog}).
 */
package io.nodetelemetry.internal.ffm;
