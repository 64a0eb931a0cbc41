package io.nodetelemetry.internal.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A C function as its header declares it, and the descriptor that follows from it. The text is the single source: a
 * descriptor cannot disagree with it, and a test lets a C compiler hold it against the header.
 *
 * @param text the declaration without semicolon, every parameter with its name
 * @param name the function's name
 * @param descriptor what the linker needs, the variadic arguments of one kind of call included
 * @param variadicFrom index of the first variadic argument, -1 for a function without
 */
record CPrototype(String text, String name, FunctionDescriptor descriptor, int variadicFrom) {
    private static final Set<String> FUNCTION_POINTERS =
            Set.of("libbpf_print_fn_t", "ring_buffer_sample_fn", "va_list");

    /** Reads a declaration such as {@code int close(int fd)}. */
    static CPrototype parse(String text) {
        return parse(text, "");
    }

    /** Reads a declaration that ends in {@code ...} along with the parameters that take the place of the dots. */
    static CPrototype parse(String text, String variadic) {
        int open = text.indexOf('(');
        if (open < 0 || !text.endsWith(")")) {
            throw new IllegalArgumentException("not a C prototype: " + text);
        }
        Declared function = Declared.of(text.substring(0, open));
        List<MemoryLayout> arguments = new ArrayList<>();
        int variadicFrom = -1;
        for (String parameter : parameters(text.substring(open + 1, text.length() - 1))) {
            if (parameter.equals("...")) {
                variadicFrom = arguments.size();
                for (String extra : parameters(variadic)) {
                    arguments.add(layout(Declared.of(extra).type()));
                }
            } else {
                arguments.add(layout(Declared.of(parameter).type()));
            }
        }
        MemoryLayout[] layouts = arguments.toArray(MemoryLayout[]::new);
        FunctionDescriptor descriptor = function.type().equals("void")
                ? FunctionDescriptor.ofVoid(layouts)
                : FunctionDescriptor.of(layout(function.type()), layouts);
        return new CPrototype(text, function.name(), descriptor, variadicFrom);
    }

    private static List<String> parameters(String list) {
        String trimmed = list.strip();
        return trimmed.isEmpty() || trimmed.equals("void") ? List.of() : List.of(trimmed.split("\\s*,\\s*", -1));
    }

    /** The layout of a C type in the LP64 data model. */
    static MemoryLayout layout(String type) {
        if (type.endsWith("*") || FUNCTION_POINTERS.contains(type)) {
            // va_list counts as an address: an array on x86-64 and a struct passed by reference on arm64.
            return ValueLayout.ADDRESS;
        }
        if (type.startsWith("enum ")) {
            return ValueLayout.JAVA_INT;
        }
        return switch (type) {
            case "bool" -> ValueLayout.JAVA_BOOLEAN;
            case "int", "unsigned int", "__u32", "uint32_t", "ZSTD_dParameter", "lzma_ret", "lzma_action" ->
                ValueLayout.JAVA_INT;
            case "long", "unsigned long", "size_t", "ssize_t", "off_t", "__u64", "uint64_t" -> ValueLayout.JAVA_LONG;
            default -> throw new IllegalArgumentException("C type without a layout: '" + type + "'");
        };
    }

    /** A type and the identifier that follows it. */
    private record Declared(String type, String name) {
        static Declared of(String text) {
            String declaration = text.strip();
            int start = declaration.length();
            while (start > 0 && isIdentifierPart(declaration.charAt(start - 1))) {
                start--;
            }
            String type = declaration.substring(0, start).strip();
            if (type.isEmpty() || start == declaration.length()) {
                throw new IllegalArgumentException("expected a C type and a name: '" + text + "'");
            }
            return new Declared(type, declaration.substring(start));
        }

        private static boolean isIdentifierPart(char c) {
            return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }
    }
}
