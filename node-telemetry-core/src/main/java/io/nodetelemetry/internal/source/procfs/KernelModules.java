package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The modules that are in the kernel now (proc_modules(5)). What is built into it is not among them.
 *
 * @param names with underscores, as the kernel writes them
 */
public record KernelModules(Set<String> names) {
    /** A line is some 60 bytes, and a machine has some 200. */
    private static final int MAX_BYTES = 1 << 18;

    public KernelModules {
        names = Set.copyOf(names);
    }

    /** Empty for a kernel that loads no modules, and where the file cannot be read. */
    public static Optional<KernelModules> read(Path procRoot) {
        try {
            return ProcFiles.read(procRoot.resolve("modules"), MAX_BYTES)
                    .map(bytes -> parse(new String(bytes, StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Every line begins with a name; what has none is passed over. */
    static KernelModules parse(String text) {
        Set<String> names = new HashSet<>();
        for (String line : text.split("\n", -1)) {
            int end = line.indexOf(' ');
            if (end > 0) {
                names.add(line.substring(0, end));
            }
        }
        return new KernelModules(names);
    }

    /** Whether it is in the kernel as a module. */
    public boolean has(String name) {
        return names.contains(name);
    }
}
