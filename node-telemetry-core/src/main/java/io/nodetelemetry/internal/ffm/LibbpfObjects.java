package io.nodetelemetry.internal.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code bpf/libbpf.h}: objects, programs, links, maps before they are used, ring buffers. Functions that return an
 * {@code int} report failure as a negated errno, those that return a pointer as null plus errno. Touched only after
 * {@link Libbpf#load} has found the library good, as the handles are bound when this class is initialised.
 */
final class LibbpfObjects {
    static final CLibrary LIBRARY = Libbpf.openLibrary();

    private static final MethodHandle SET_PRINT =
            LIBRARY.bind("libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)");
    private static final MethodHandle NUM_POSSIBLE_CPUS = LIBRARY.bind("int libbpf_num_possible_cpus(void)");
    private static final MethodHandle OPEN_MEM = LIBRARY.bindWithErrno(
            "struct bpf_object *bpf_object__open_mem(const void *obj_buf, size_t obj_buf_sz, const struct bpf_object_open_opts *opts)");
    private static final MethodHandle LOAD = LIBRARY.bind("int bpf_object__load(struct bpf_object *obj)");
    private static final MethodHandle CLOSE = LIBRARY.bind("void bpf_object__close(struct bpf_object *object)");
    private static final MethodHandle NEXT_PROGRAM = LIBRARY.bind(
            "struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program *prog)");
    private static final MethodHandle NEXT_MAP = LIBRARY.bind(
            "struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map)");
    private static final MethodHandle PROGRAM_NAME =
            LIBRARY.bind("const char *bpf_program__name(const struct bpf_program *prog)");
    private static final MethodHandle PROGRAM_FD = LIBRARY.bind("int bpf_program__fd(const struct bpf_program *prog)");
    private static final MethodHandle PROGRAM_SET_AUTOLOAD =
            LIBRARY.bind("int bpf_program__set_autoload(struct bpf_program *prog, bool autoload)");
    private static final MethodHandle PROGRAM_ATTACH =
            LIBRARY.bindWithErrno("struct bpf_link *bpf_program__attach(const struct bpf_program *prog)");
    private static final MethodHandle PROGRAM_ATTACH_CGROUP = LIBRARY.bindWithErrno(
            "struct bpf_link *bpf_program__attach_cgroup(const struct bpf_program *prog, int cgroup_fd)");
    private static final MethodHandle PROGRAM_ATTACH_ITER = LIBRARY.bindWithErrno(
            "struct bpf_link *bpf_program__attach_iter(const struct bpf_program *prog, const struct bpf_iter_attach_opts *opts)");
    private static final MethodHandle LINK_FD = LIBRARY.bind("int bpf_link__fd(const struct bpf_link *link)");
    private static final MethodHandle LINK_DESTROY = LIBRARY.bind("int bpf_link__destroy(struct bpf_link *link)");
    private static final MethodHandle MAP_NAME = LIBRARY.bind("const char *bpf_map__name(const struct bpf_map *map)");
    private static final MethodHandle MAP_FD = LIBRARY.bind("int bpf_map__fd(const struct bpf_map *map)");
    private static final MethodHandle MAP_TYPE =
            LIBRARY.bind("enum bpf_map_type bpf_map__type(const struct bpf_map *map)");
    private static final MethodHandle MAP_KEY_SIZE = LIBRARY.bind("__u32 bpf_map__key_size(const struct bpf_map *map)");
    private static final MethodHandle MAP_VALUE_SIZE =
            LIBRARY.bind("__u32 bpf_map__value_size(const struct bpf_map *map)");
    private static final MethodHandle MAP_MAX_ENTRIES =
            LIBRARY.bind("__u32 bpf_map__max_entries(const struct bpf_map *map)");
    private static final MethodHandle MAP_SET_MAX_ENTRIES =
            LIBRARY.bind("int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries)");
    private static final MethodHandle MAP_SET_AUTOCREATE =
            LIBRARY.bind("int bpf_map__set_autocreate(struct bpf_map *map, bool autocreate)");
    private static final MethodHandle MAP_INITIAL_VALUE =
            LIBRARY.bind("const void *bpf_map__initial_value(struct bpf_map *map, size_t *psize)");
    private static final MethodHandle RING_BUFFER_NEW = LIBRARY.bindWithErrno(
            "struct ring_buffer *ring_buffer__new(int map_fd, ring_buffer_sample_fn sample_cb, void *ctx, const struct ring_buffer_opts *opts)");
    private static final MethodHandle RING_BUFFER_POLL =
            LIBRARY.bind("int ring_buffer__poll(struct ring_buffer *rb, int timeout_ms)");
    private static final MethodHandle RING_BUFFER_CONSUME =
            LIBRARY.bind("int ring_buffer__consume(struct ring_buffer *rb)");
    private static final MethodHandle RING_BUFFER_FREE = LIBRARY.bind("void ring_buffer__free(struct ring_buffer *rb)");

    private LibbpfObjects() {}

    static MemorySegment setPrint(MemorySegment fn) {
        try {
            return (MemorySegment) SET_PRINT.invokeExact(fn);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int numPossibleCpus() {
        try {
            return (int) NUM_POSSIBLE_CPUS.invokeExact();
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment openMem(MemorySegment errno, MemorySegment objBuf, long objBufSz, MemorySegment opts) {
        try {
            return (MemorySegment) OPEN_MEM.invokeExact(errno, objBuf, objBufSz, opts);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int load(MemorySegment obj) {
        try {
            return (int) LOAD.invokeExact(obj);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static void close(MemorySegment object) {
        try {
            CLOSE.invokeExact(object);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment nextProgram(MemorySegment obj, MemorySegment prog) {
        try {
            return (MemorySegment) NEXT_PROGRAM.invokeExact(obj, prog);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment nextMap(MemorySegment obj, MemorySegment map) {
        try {
            return (MemorySegment) NEXT_MAP.invokeExact(obj, map);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment programName(MemorySegment prog) {
        try {
            return (MemorySegment) PROGRAM_NAME.invokeExact(prog);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int programFd(MemorySegment prog) {
        try {
            return (int) PROGRAM_FD.invokeExact(prog);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int programSetAutoload(MemorySegment prog, boolean autoload) {
        try {
            return (int) PROGRAM_SET_AUTOLOAD.invokeExact(prog, autoload);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment programAttach(MemorySegment errno, MemorySegment prog) {
        try {
            return (MemorySegment) PROGRAM_ATTACH.invokeExact(errno, prog);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment programAttachCgroup(MemorySegment errno, MemorySegment prog, int cgroupFd) {
        try {
            return (MemorySegment) PROGRAM_ATTACH_CGROUP.invokeExact(errno, prog, cgroupFd);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment programAttachIter(MemorySegment errno, MemorySegment prog, MemorySegment opts) {
        try {
            return (MemorySegment) PROGRAM_ATTACH_ITER.invokeExact(errno, prog, opts);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int linkFd(MemorySegment link) {
        try {
            return (int) LINK_FD.invokeExact(link);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int linkDestroy(MemorySegment link) {
        try {
            return (int) LINK_DESTROY.invokeExact(link);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment mapName(MemorySegment map) {
        try {
            return (MemorySegment) MAP_NAME.invokeExact(map);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int mapFd(MemorySegment map) {
        try {
            return (int) MAP_FD.invokeExact(map);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int mapType(MemorySegment map) {
        try {
            return (int) MAP_TYPE.invokeExact(map);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int mapKeySize(MemorySegment map) {
        try {
            return (int) MAP_KEY_SIZE.invokeExact(map);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int mapValueSize(MemorySegment map) {
        try {
            return (int) MAP_VALUE_SIZE.invokeExact(map);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int mapMaxEntries(MemorySegment map) {
        try {
            return (int) MAP_MAX_ENTRIES.invokeExact(map);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int mapSetMaxEntries(MemorySegment map, int maxEntries) {
        try {
            return (int) MAP_SET_MAX_ENTRIES.invokeExact(map, maxEntries);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int mapSetAutocreate(MemorySegment map, boolean autocreate) {
        try {
            return (int) MAP_SET_AUTOCREATE.invokeExact(map, autocreate);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment mapInitialValue(MemorySegment map, MemorySegment psize) {
        try {
            return (MemorySegment) MAP_INITIAL_VALUE.invokeExact(map, psize);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static MemorySegment ringBufferNew(
            MemorySegment errno, int mapFd, MemorySegment sampleCb, MemorySegment ctx, MemorySegment opts) {
        try {
            return (MemorySegment) RING_BUFFER_NEW.invokeExact(errno, mapFd, sampleCb, ctx, opts);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int ringBufferPoll(MemorySegment rb, int timeoutMs) {
        try {
            return (int) RING_BUFFER_POLL.invokeExact(rb, timeoutMs);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static int ringBufferConsume(MemorySegment rb) {
        try {
            return (int) RING_BUFFER_CONSUME.invokeExact(rb);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static void ringBufferFree(MemorySegment rb) {
        try {
            RING_BUFFER_FREE.invokeExact(rb);
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }
}
