package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A native library and the table of what we declare about it. Everything that Java believes about C passes through
 * here, so that the descriptor audit sees all of it.
 */
final class CLibrary {
    /**
     * A struct as we lay it out.
     *
     * @param type its C type, such as {@code struct statfs}
     * @param layout its members; those without a name are not checked
     * @param whole whether the layout is the whole struct rather than its start
     */
    record Struct(String type, StructLayout layout, boolean whole) {}

    /** A constant of a C header. */
    record Constant(String name, long value) {}

    private final SymbolLookup symbols;
    private final List<CPrototype> functions = new CopyOnWriteArrayList<>();
    private final List<CPrototype> callbacks = new CopyOnWriteArrayList<>();
    private final List<Struct> structs = new CopyOnWriteArrayList<>();
    private final List<Constant> constants = new CopyOnWriteArrayList<>();

    private CLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** The C library that the JVM itself runs on. */
    static CLibrary libc() {
        return new CLibrary(Linker.nativeLinker().defaultLookup());
    }

    /**
     * A library that the system's loader finds by its soname; it stays loaded.
     *
     * @throws LibraryUnavailableException with {@code remedy} when it is not there, or with the JVM's option when
     *     native access is not granted
     */
    @SuppressWarnings("restricted")
    static CLibrary open(String soname, String remedy) throws LibraryUnavailableException {
        try {
            return new CLibrary(SymbolLookup.libraryLookup(soname, Arena.global()));
        } catch (IllegalCallerException e) {
            throw new LibraryUnavailableException(nativeAccessDenied(soname), e);
        } catch (IllegalArgumentException e) {
            throw new LibraryUnavailableException(soname + " not found: " + remedy, e);
        }
    }

    private static String nativeAccessDenied(String soname) {
        Module module = CLibrary.class.getModule();
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return soname + " not loaded, native access is denied: start java with --enable-native-access=" + name;
    }

    /** A handle for a function that reports failure by its result alone. */
    @SuppressWarnings("restricted")
    MethodHandle bind(String prototype) {
        CPrototype function = register(CPrototype.parse(prototype));
        return Linker.nativeLinker().downcallHandle(address(function), function.descriptor());
    }

    /** A handle whose first parameter is {@linkplain Errno#room room for errno}. */
    MethodHandle bindWithErrno(String prototype) {
        return bindWithErrno(CPrototype.parse(prototype));
    }

    /** The same for a variadic function and one list of extra parameters. */
    MethodHandle bindVariadicWithErrno(String prototype, String variadic) {
        return bindWithErrno(CPrototype.parse(prototype, variadic));
    }

    @SuppressWarnings("restricted")
    private MethodHandle bindWithErrno(CPrototype function) {
        register(function);
        Linker.Option errno = Linker.Option.captureCallState("errno");
        Linker.Option[] options = function.variadicFrom() < 0
                ? new Linker.Option[] {errno}
                : new Linker.Option[] {errno, Linker.Option.firstVariadicArg(function.variadicFrom())};
        return Linker.nativeLinker().downcallHandle(address(function), function.descriptor(), options);
    }

    /** The descriptor of a callback; its prototype carries the name of the C typedef of the pointer. */
    FunctionDescriptor callback(String prototype) {
        CPrototype callback = CPrototype.parse(prototype);
        callbacks.add(callback);
        return callback.descriptor();
    }

    /** Declares the layout of a whole struct. */
    StructLayout struct(String type, StructLayout layout) {
        structs.add(new Struct(type, layout, true));
        return layout;
    }

    /** Declares the layout of the start of a struct that newer headers make longer. */
    StructLayout structStart(String type, StructLayout layout) {
        structs.add(new Struct(type, layout, false));
        return layout;
    }

    /** Declares a constant of a C header. */
    int constant(String name, int value) {
        constants.add(new Constant(name, value));
        return value;
    }

    /** Declares a constant that needs more than an {@code int}. */
    long constant(String name, long value) {
        constants.add(new Constant(name, value));
        return value;
    }

    List<CPrototype> functions() {
        return List.copyOf(functions);
    }

    List<CPrototype> callbacks() {
        return List.copyOf(callbacks);
    }

    List<Struct> structs() {
        return List.copyOf(structs);
    }

    List<Constant> constants() {
        return List.copyOf(constants);
    }

    private CPrototype register(CPrototype function) {
        functions.add(function);
        return function;
    }

    private MemorySegment address(CPrototype function) {
        return symbols.find(function.name())
                .orElseThrow(() -> new UnsatisfiedLinkError("no symbol " + function.name()));
    }

    /** What to throw when a call through a handle threw: the unchecked as it is, the rest as our own fault. */
    static RuntimeException broken(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException unchecked) {
            return unchecked;
        }
        return new IllegalStateException("a native binding is broken", thrown);
    }

    /** A returned C string; empty for a null pointer. */
    @SuppressWarnings("restricted")
    static String string(MemorySegment pointer) {
        return pointer.address() == 0 ? "" : pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
