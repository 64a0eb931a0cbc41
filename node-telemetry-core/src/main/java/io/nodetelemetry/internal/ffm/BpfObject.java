package io.nodetelemetry.internal.ffm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BPF object: its programs and maps, first as read from the ELF file, after {@link #load} in the kernel. Owns them,
 * and the links its programs gave out; leaving out {@link #close} leaks them for the life of the process.
 *
 * <p>Safe for threads to share. After {@link #close} every other method of it, its programs and its maps throws
 * {@link IllegalStateException}, and so do settings after {@link #load}. Asking for a program or map that the object
 * does not have throws {@link NoSuchElementException}.
 */
public final class BpfObject implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BpfObject.class);

    private static final StructLayout OPEN_OPTS = LibbpfObjects.LIBRARY.structStart(
            "struct bpf_object_open_opts",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("sz"), ValueLayout.ADDRESS.withName("object_name")));

    private enum State {
        OPENED,
        LOADED,
        LOAD_FAILED,
        CLOSED
    }

    private final Object lock = new Object();
    private final String name;
    private final MemorySegment pointer;
    private final Map<String, BpfProgram> programs = new LinkedHashMap<>();
    private final Map<String, BpfMap> maps = new LinkedHashMap<>();
    private final List<BpfLink> links = new ArrayList<>();
    private State state = State.OPENED;

    private BpfObject(String name, MemorySegment pointer, int possibleCpus) {
        this.name = name;
        this.pointer = pointer;
        MemorySegment none = MemorySegment.NULL;
        for (var p = LibbpfObjects.nextProgram(pointer, none);
                p.address() != 0;
                p = LibbpfObjects.nextProgram(pointer, p)) {
            String programName = CLibrary.string(LibbpfObjects.programName(p));
            programs.put(programName, new BpfProgram(this, p, programName));
        }
        for (var m = LibbpfObjects.nextMap(pointer, none); m.address() != 0; m = LibbpfObjects.nextMap(pointer, m)) {
            String mapName = sectionOrName(CLibrary.string(LibbpfObjects.mapName(m)));
            maps.put(mapName, new BpfMap(m, mapName, possibleCpus));
        }
    }

    static BpfObject open(String name, byte[] elf, int possibleCpus) throws BpfLoadException {
        try (Arena arena = Arena.ofConfined();
                LibbpfLog.Capture log = LibbpfLog.capture()) {
            MemorySegment errno = Errno.room(arena);
            MemorySegment options = arena.allocate(OPEN_OPTS);
            options.set(ValueLayout.JAVA_LONG, 0, OPEN_OPTS.byteSize());
            options.set(
                    ValueLayout.ADDRESS,
                    OPEN_OPTS.byteOffset(PathElement.groupElement("object_name")),
                    arena.allocateFrom(name));
            // libbpf copies what it keeps: the bytes are needed for this call alone. The ELF reader wants them aligned.
            MemorySegment bytes = arena.allocate(Math.max(1, elf.length), Long.BYTES);
            MemorySegment.copy(elf, 0, bytes, ValueLayout.JAVA_BYTE, 0, elf.length);
            MemorySegment object = LibbpfObjects.openMem(errno, bytes, elf.length, options);
            if (object.address() == 0) {
                throw BpfLoadException.of("open BPF object " + name, Errno.in(errno), log.text());
            }
            return new BpfObject(name, object, possibleCpus);
        }
    }

    /** libbpf calls the map of a data section {@code <object>.rodata}; no C name has a dot. */
    private static String sectionOrName(String mapName) {
        int dot = mapName.indexOf('.');
        return dot < 0 ? mapName : mapName.substring(dot);
    }

    /** The names of its programs, in the order of the file. */
    public List<String> programNames() {
        return List.copyOf(programs.keySet());
    }

    /** The names of its maps; the maps of data sections are called by their section, such as {@code .rodata}. */
    public List<String> mapNames() {
        return List.copyOf(maps.keySet());
    }

    /** Whether {@link #load} loads the program; all are until told otherwise. */
    public void autoload(String program, boolean on) {
        MemorySegment target = program(program).pointer();
        configure("autoload " + program, () -> LibbpfObjects.programSetAutoload(target, on));
    }

    /** Whether {@link #load} creates the map; a map that is not created may only be used by code the verifier prunes. */
    public void autocreate(String map, boolean on) {
        MemorySegment target = map(map).pointer();
        configure("autocreate " + map, () -> LibbpfObjects.mapSetAutocreate(target, on));
    }

    /** The map's capacity, in entries; for a ring buffer bytes, which libbpf rounds up to a power of two of pages. */
    public void maxEntries(String map, int n) {
        if (n <= 0) {
            throw new IllegalArgumentException("max entries of map " + map + " must be positive: " + n);
        }
        MemorySegment target = map(map).pointer();
        configure("max entries of " + map, () -> LibbpfObjects.mapSetMaxEntries(target, n));
    }

    /**
     * Overwrites the start of a data section's initial content, such as {@code .rodata} with its {@code const volatile}
     * globals; the rest stays as compiled.
     *
     * @throws IllegalArgumentException if the map is no data section or shorter than {@code value}
     */
    public void initialValue(String map, byte[] value) {
        initialValue(map, 0, value);
    }

    /** The same from a byte offset on, for one variable of the section. */
    @SuppressWarnings("restricted")
    public void initialValue(String map, int offset, byte[] value) {
        MemorySegment target = map(map).pointer();
        configure("initial value of " + map, () -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
                MemorySegment content = LibbpfObjects.mapInitialValue(target, size);
                long length = content.address() == 0 ? 0 : size.get(ValueLayout.JAVA_LONG, 0);
                if (offset < 0 || offset > length - value.length) {
                    throw new IllegalArgumentException("initial value of map " + map + " has " + length
                            + " bytes, not room for " + value.length + " at " + offset);
                }
                // Written in place: set_initial_value insists on the whole content. Read-only once loaded.
                MemorySegment.copy(value, 0, content.reinterpret(length), ValueLayout.JAVA_BYTE, offset, value.length);
                return 0;
            }
        });
    }

    private void configure(String what, IntSupplier call) {
        synchronized (lock) {
            require(State.OPENED, what);
            int result = call.getAsInt();
            if (result != 0) {
                throw new IllegalArgumentException(what + " of BPF object " + name + ": " + Errno.name(-result));
            }
        }
    }

    /**
     * Creates the maps and has the kernel verify the programs. After a failure the object can only be closed.
     *
     * @throws BpfLoadException with libbpf's log; a {@link VerifierException} if the verifier rejected a program
     */
    public void load() throws BpfLoadException {
        synchronized (lock) {
            require(State.OPENED, "load");
            try (LibbpfLog.Capture log = LibbpfLog.capture()) {
                int result = LibbpfObjects.load(pointer);
                if (result != 0) {
                    state = State.LOAD_FAILED;
                    throw BpfLoadException.of("load BPF object " + name, -result, log.text());
                }
                if (!log.text().isEmpty()) {
                    LOG.debug("BPF object {} loaded, libbpf said: {}", name, log.text());
                }
            }
            state = State.LOADED;
            maps.values().forEach(BpfMap::loaded);
        }
    }

    /** The program of that name. */
    public BpfProgram program(String programName) {
        return named(programs, programName, "program");
    }

    /** The map of that name, or of that data section. */
    public BpfMap map(String mapName) {
        return named(maps, mapName, "map");
    }

    private <T> T named(Map<String, T> all, String wanted, String kind) {
        T found = all.get(wanted);
        if (found == null) {
            throw new NoSuchElementException(
                    "BPF object " + name + " has no " + kind + " " + wanted + ", only " + all.keySet());
        }
        return found;
    }

    /** A step that uses the object's memory. */
    interface Step<T> {
        T run() throws IOException;
    }

    /** Runs a step while the object is loaded and cannot be closed. */
    <T> T whileLoaded(String what, Step<T> step) throws IOException {
        synchronized (lock) {
            require(State.LOADED, what);
            return step.run();
        }
    }

    /** The same for a step that reads a number and cannot fail. */
    int numberWhileLoaded(String what, IntSupplier step) {
        synchronized (lock) {
            require(State.LOADED, what);
            return step.getAsInt();
        }
    }

    /** Takes over a link made inside {@link #whileLoaded}. */
    BpfLink own(BpfLink link) {
        synchronized (lock) {
            links.add(link);
            return link;
        }
    }

    void disown(BpfLink link) {
        synchronized (lock) {
            links.remove(link);
        }
    }

    private void require(State wanted, String what) {
        if (state != wanted) {
            throw new IllegalStateException(
                    what + " of BPF object " + name + " needs it " + wanted + ", it is " + state);
        }
    }

    /**
     * Closes the links its programs gave out, newest first, then maps and programs. Waits for calls on its maps that
     * other threads are in. Does nothing the second time.
     */
    @Override
    public void close() {
        List<BpfLink> open;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            maps.values().forEach(BpfMap::refuseInsideWalk);
            state = State.CLOSED;
            open = new ArrayList<>(links);
        }
        // Outside of the lock: a map's consumer may be about to ask this object for something.
        open.reversed().forEach(BpfLink::close);
        maps.values().forEach(BpfMap::closed);
        LibbpfObjects.close(pointer);
    }
}
