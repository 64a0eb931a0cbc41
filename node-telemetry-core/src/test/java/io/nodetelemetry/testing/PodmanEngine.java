package io.nodetelemetry.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Podman with storage and an API service of the tests' own, one per JVM, started when the first test asks for it by a
 * parameter (see {@link DockerEngine}). Containers are made of {@code localhost/bb:1}, which is busybox and nothing else,
 * and have no network.
 */
public final class PodmanEngine implements AutoCloseable {
    /** The image of all containers. */
    public static final String IMAGE = "localhost/bb:1";

    private final TestComponent component;

    private PodmanEngine() {
        component = TestComponent.start("podman.sh");
    }

    /** The API service's socket. */
    public Path socket() {
        return Path.of(component.property("SOCKET"));
    }

    /** What takes the place of the machine's root directory: below it are settings and storage. */
    public Path root() {
        return Path.of(component.property("ROOT"));
    }

    /**
     * Starts a container that stays.
     *
     * @param options of {@code podman run}
     * @return its id, 64 hexadecimal digits
     */
    public String start(String name, List<String> options, String... command) {
        List<String> line = new ArrayList<>(List.of("run", "--detach", "--name", name));
        line.addAll(options);
        line.add(IMAGE);
        line.addAll(List.of(command));
        return podman(line.toArray(String[]::new));
    }

    /** The client with these arguments, which has to end with exit code 0; its standard output. */
    public String podman(String... arguments) {
        return component.call("podman", arguments).strip();
    }

    @Override
    public void close() {
        component.close();
    }

    /** Hands the engine to tests as a parameter. */
    public static final class Provider implements ParameterResolver {
        private static final ExtensionContext.Namespace NAMESPACE =
                ExtensionContext.Namespace.create(PodmanEngine.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PodmanEngine.class;
        }

        @Override
        public PodmanEngine resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // The root's store is closed after the last test of the JVM, and the engine with it.
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(PodmanEngine.class, key -> new PodmanEngine(), PodmanEngine.class);
        }
    }
}
