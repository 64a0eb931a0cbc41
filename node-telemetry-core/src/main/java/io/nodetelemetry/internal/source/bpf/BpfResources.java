package io.nodetelemetry.internal.source.bpf;

import java.io.IOException;
import java.io.InputStream;

/** The compiled objects in the jar {@code bpf-objects}. */
final class BpfResources {
    private BpfResources() {}

    /**
     * Reads an object.
     *
     * @param name without suffix, for example {@code tcp}
     * @throws IOException if it is not there, which means a broken build
     */
    static byte[] read(String name) throws IOException {
        String path = "META-INF/bpf/" + name + ".bpf.o";
        try (InputStream in = BpfResources.class.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException("resource " + path + " is missing; is the jar bpf-objects on the module path?");
            }
            return in.readAllBytes();
        }
    }
}
