package io.nodetelemetry.internal.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;

/** A program of a {@link BpfObject}; attaching needs the object loaded. Safe for threads to share. */
public final class BpfProgram {
    /** The start of {@code struct bpf_prog_info}, up to the last field we read (Linux 5.12). */
    private static final StructLayout INFO = LibbpfSyscalls.LIBRARY.structStart(
            "struct bpf_prog_info",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_INT.withName("type"),
                    ValueLayout.JAVA_INT.withName("id"),
                    MemoryLayout.paddingLayout(184),
                    ValueLayout.JAVA_LONG.withName("run_time_ns"),
                    ValueLayout.JAVA_LONG.withName("run_cnt"),
                    ValueLayout.JAVA_LONG.withName("recursion_misses")));

    private static final long RECURSION_MISSES = INFO.byteOffset(PathElement.groupElement("recursion_misses"));

    private static final StructLayout ITERATOR_OPTIONS = LibbpfObjects.LIBRARY.structStart(
            "struct bpf_iter_attach_opts",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("sz"),
                    ValueLayout.ADDRESS.withName("link_info"),
                    ValueLayout.JAVA_INT.withName("link_info_len"),
                    MemoryLayout.paddingLayout(4)));

    /** The member for iterators over a map's entries. */
    private static final StructLayout ITERATED_MAP = LibbpfObjects.LIBRARY.structStart(
            "union bpf_iter_link_info", MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("map.map_fd")));

    private final BpfObject object;
    private final MemorySegment pointer;
    private final String name;

    BpfProgram(BpfObject object, MemorySegment pointer, String name) {
        this.object = object;
        this.pointer = pointer;
        this.name = name;
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** Its C function's name. */
    public String name() {
        return name;
    }

    /** The descriptor that the object holds; not to be closed. Negative if the program was not loaded. */
    public int fd() {
        return object.numberWhileLoaded("fd of program " + name, () -> LibbpfObjects.programFd(pointer));
    }

    /** Attaches to what its section names: {@code tp_btf/…}, {@code tracepoint/…}, {@code raw_tp/…}. */
    public BpfLink attach() throws IOException {
        return attach("attach program " + name, errno -> LibbpfObjects.programAttach(errno, pointer));
    }

    /** Attaches to a cgroup v2 directory and all below it, by a link: when the process ends, so does the attachment. */
    public BpfLink attachCgroup(Fd cgroupDirectory) throws IOException {
        return attach(
                "attach program " + name + " to cgroup",
                errno -> LibbpfObjects.programAttachCgroup(errno, pointer, cgroupDirectory.number()));
    }

    /** Attaches an iterator over everything of its kind; {@link BpfLink#runIterator} then runs it. */
    public BpfLink attachIterator() throws IOException {
        return attach(
                "attach iterator " + name,
                errno -> LibbpfObjects.programAttachIter(errno, pointer, MemorySegment.NULL));
    }

    /** Attaches an iterator over the entries of a map: {@code iter/bpf_map_elem}, {@code iter/bpf_sk_storage_map}. */
    public BpfLink attachIterator(BpfMap map) throws IOException {
        int mapFd = map.fd();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment iterated = arena.allocate(ITERATED_MAP);
            iterated.set(ValueLayout.JAVA_INT, 0, mapFd);
            MemorySegment options = arena.allocate(ITERATOR_OPTIONS);
            options.set(ValueLayout.JAVA_LONG, 0, ITERATOR_OPTIONS.byteSize());
            options.set(
                    ValueLayout.ADDRESS, ITERATOR_OPTIONS.byteOffset(PathElement.groupElement("link_info")), iterated);
            options.set(
                    ValueLayout.JAVA_INT, ITERATOR_OPTIONS.byteOffset(PathElement.groupElement("link_info_len")), (int)
                            ITERATED_MAP.byteSize());
            return attach(
                    "attach iterator " + name + " to map " + map.name(),
                    errno -> LibbpfObjects.programAttachIter(errno, pointer, options));
        }
    }

    private interface AttachCall {
        MemorySegment attach(MemorySegment errno);
    }

    private BpfLink attach(String what, AttachCall call) throws IOException {
        return object.whileLoaded(what, () -> {
            try (Arena arena = Arena.ofConfined();
                    LibbpfLog.Capture log = LibbpfLog.capture()) {
                MemorySegment errno = Errno.room(arena);
                MemorySegment link = call.attach(errno);
                if (link.address() == 0) {
                    throw new ErrnoException(
                            what, Errno.in(errno), LoadLog.of(log.text()).line());
                }
                return object.own(new BpfLink(object, link, name));
            }
        });
    }

    /** What the kernel tells about the program (bpf(2), BPF_OBJ_GET_INFO_BY_FD). */
    public ProgramInfo info() throws IOException {
        return object.whileLoaded("info of program " + name, () -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment info = arena.allocate(INFO);
                MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) INFO.byteSize());
                int result = LibbpfSyscalls.objGetInfoByFd(LibbpfObjects.programFd(pointer), info, length);
                if (result != 0) {
                    throw new ErrnoException("info of program " + name, -result);
                }
                // The kernel says how much of the struct it knows.
                boolean knowsMisses = length.get(ValueLayout.JAVA_INT, 0) >= RECURSION_MISSES + Long.BYTES;
                return new ProgramInfo(
                        info.get(ValueLayout.JAVA_INT, INFO.byteOffset(PathElement.groupElement("id"))),
                        info.get(ValueLayout.JAVA_LONG, INFO.byteOffset(PathElement.groupElement("run_cnt"))),
                        info.get(ValueLayout.JAVA_LONG, INFO.byteOffset(PathElement.groupElement("run_time_ns"))),
                        knowsMisses
                                ? OptionalLong.of(info.get(ValueLayout.JAVA_LONG, RECURSION_MISSES))
                                : OptionalLong.empty());
            }
        });
    }
}
