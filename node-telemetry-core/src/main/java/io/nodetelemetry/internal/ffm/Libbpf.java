package io.nodetelemetry.internal.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * libbpf, the system's own ({@code libbpf.so.1}, 1.1 or later). It has no state of ours but its print callback, so one
 * instance serves every user in the JVM; safe for threads to share.
 *
 * <pre>{@code
 * Libbpf libbpf = Libbpf.load();
 * try (BpfObject tcp = libbpf.open("tcp", elf)) {
 *     tcp.load();
 *     BpfLink link = tcp.program("count").attachCgroup(cgroupRoot);
 *     tcp.map("connects").forEach((key, value) -> ...);
 * }
 * }</pre>
 */
public final class Libbpf {
    private static final String SONAME = "libbpf.so.1";
    private static final String REMEDY = "install libbpf 1.1 or later (Debian, Ubuntu: apt-get install libbpf1)";

    /** The functions that tell whether the rest may be bound. */
    static final List<CPrototype> FIRST_CALLS = List.of(CPrototype.parse("const char *libbpf_version_string(void)"));

    private final String version;

    private Libbpf(String version) {
        this.version = version;
    }

    /**
     * Finds the library, the first time, and replaces its print callback for the whole process ({@code LibbpfLog}).
     *
     * @throws LibraryUnavailableException if it is missing or too old, or native access is not granted: decided once
     */
    public static Libbpf load() throws LibraryUnavailableException {
        if (Loaded.OUTCOME instanceof Libbpf libbpf) {
            return libbpf;
        }
        Throwable cause = (Throwable) Loaded.OUTCOME;
        throw new LibraryUnavailableException(Objects.requireNonNullElse(cause.getMessage(), SONAME), cause);
    }

    /** Its version, such as {@code 1.1}. */
    public String version() {
        return version;
    }

    /** CPUs that the kernel may ever have: the number of values of an entry of a per-CPU map. */
    public int possibleCpus() throws ErrnoException {
        int cpus = LibbpfObjects.numPossibleCpus();
        if (cpus < 0) {
            throw new ErrnoException("read /sys/devices/system/cpu/possible", -cpus);
        }
        return cpus;
    }

    /**
     * Reads a BPF object; nothing reaches the kernel before {@link BpfObject#load}.
     *
     * @param name what the object is called in messages and, cut to 15 characters, in the names of its data maps
     * @param elf the whole file
     * @throws BpfLoadException if it is not a BPF object that libbpf understands
     */
    public BpfObject open(String name, byte[] elf) throws BpfLoadException, ErrnoException {
        return BpfObject.open(name, elf, possibleCpus());
    }

    /** The library for those who bind to it, which happens after {@link #load} has found it good. */
    static CLibrary openLibrary() {
        try {
            return CLibrary.open(SONAME, REMEDY);
        } catch (LibraryUnavailableException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Decided when first asked for, by the class loader's lock. */
    private static final class Loaded {
        static final Object OUTCOME = find();

        private static Object find() {
            try {
                CLibrary library = CLibrary.open(SONAME, REMEDY);
                String version = version(library);
                if (!isSupported(version)) {
                    return new LibraryUnavailableException(SONAME + " is version " + version + ": " + REMEDY, null);
                }
                LibbpfLog.install();
                return new Libbpf(version);
            } catch (LibraryUnavailableException e) {
                return e;
            } catch (LinkageError e) {
                return new LibraryUnavailableException(SONAME + " lacks what version 1.1 has: " + REMEDY, e);
            }
        }

        private static String version(CLibrary library) {
            MethodHandle versionString = library.bind(FIRST_CALLS.getFirst().text());
            try {
                String version = CLibrary.string((MemorySegment) versionString.invokeExact());
                return version.startsWith("v") ? version.substring(1) : version;
            } catch (Throwable t) {
                throw CLibrary.broken(t);
            }
        }
    }

    /** Whether a version such as {@code 1.1} or {@code 1.5.0} has all that we call. */
    static boolean isSupported(@Nullable String version) {
        if (version == null) {
            return false;
        }
        String[] parts = version.split("\\.", 3);
        try {
            int major = Integer.parseInt(parts[0]);
            int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return major > 1 || (major == 1 && minor >= 1);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
