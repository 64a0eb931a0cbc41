package io.nodetelemetry.internal.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code bpf/bpf.h}: thin covers of bpf(2), by file descriptor. All report failure as a negated errno. See
 * {@link LibbpfObjects} on when this class may be touched.
 */
final class LibbpfSyscalls {
    static final CLibrary LIBRARY = Libbpf.openLibrary();

    private static final MethodHandle UPDATE_ELEM =
            LIBRARY.bind("int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)");
    private static final MethodHandle LOOKUP_ELEM =
            LIBRARY.bind("int bpf_map_lookup_elem(int fd, const void *key, void *value)");
    private static final MethodHandle LOOKUP_AND_DELETE_ELEM =
            LIBRARY.bind("int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)");
    private static final MethodHandle DELETE_ELEM = LIBRARY.bind("int bpf_map_delete_elem(int fd, const void *key)");
    private static final MethodHandle GET_NEXT_KEY =
            LIBRARY.bind("int bpf_map_get_next_key(int fd, const void *key, void *next_key)");
    private static final MethodHandle LOOKUP_BATCH = LIBRARY.bind(
            "int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count, const struct bpf_map_batch_opts *opts)");
    private static final MethodHandle LOOKUP_AND_DELETE_BATCH = LIBRARY.bind(
            "int bpf_map_lookup_and_delete_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count, const struct bpf_map_batch_opts *opts)");
    private static final MethodHandle OBJ_GET_INFO_BY_FD =
            LIBRARY.bind("int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len)");
    private static final MethodHandle ITER_CREATE = LIBRARY.bind("int bpf_iter_create(int link_fd)");

    private LibbpfSyscalls() {}

    static int updateElem(int fd, MemorySegment key, MemorySegment value, long flags) {
        try {
            return (int) UPDATE_ELEM.invokeExact(fd, key, value, flags);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int lookupElem(int fd, MemorySegment key, MemorySegment value) {
        try {
            return (int) LOOKUP_ELEM.invokeExact(fd, key, value);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int lookupAndDeleteElem(int fd, MemorySegment key, MemorySegment value) {
        try {
            return (int) LOOKUP_AND_DELETE_ELEM.invokeExact(fd, key, value);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int deleteElem(int fd, MemorySegment key) {
        try {
            return (int) DELETE_ELEM.invokeExact(fd, key);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int getNextKey(int fd, MemorySegment key, MemorySegment nextKey) {
        try {
            return (int) GET_NEXT_KEY.invokeExact(fd, key, nextKey);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int lookupBatch(
            int fd,
            MemorySegment inBatch,
            MemorySegment outBatch,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count,
            MemorySegment opts) {
        try {
            return (int) LOOKUP_BATCH.invokeExact(fd, inBatch, outBatch, keys, values, count, opts);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int lookupAndDeleteBatch(
            int fd,
            MemorySegment inBatch,
            MemorySegment outBatch,
            MemorySegment keys,
            MemorySegment values,
            MemorySegment count,
            MemorySegment opts) {
        try {
            return (int) LOOKUP_AND_DELETE_BATCH.invokeExact(fd, inBatch, outBatch, keys, values, count, opts);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int objGetInfoByFd(int bpfFd, MemorySegment info, MemorySegment infoLen) {
        try {
            return (int) OBJ_GET_INFO_BY_FD.invokeExact(bpfFd, info, infoLen);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int iterCreate(int linkFd) {
        try {
            return (int) ITER_CREATE.invokeExact(linkFd);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }
}
