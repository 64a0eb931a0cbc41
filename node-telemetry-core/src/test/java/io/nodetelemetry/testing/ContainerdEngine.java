package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A containerd of the tests' own, one per JVM, started when the first test asks for it by a parameter (see
 * {@link DockerEngine}). Pods are made by the CRI, as a kubelet makes them; containers are made of {@code localhost/bb:1},
 * which is busybox and nothing else. The pods of a class are removed after its last test.
 */
public final class ContainerdEngine implements AutoCloseable {
    static final String IMAGE = "localhost/bb:1";

    private final TestComponent component;
    private final CriService cri;

    private ContainerdEngine() {
        component = TestComponent.start("containerd.sh");
        cri = new CriService(socket());
    }

    /** Where it listens, with the CRI and its own API. */
    public Path socket() {
        return Path.of(component.property("SOCKET"));
    }

    CriService cri() {
        return cri;
    }

    Path folder() {
        return Path.of(component.property("DIR"));
    }

    /** Runs a pod of the burstable class, with no container in it but its sandbox. */
    public Pod pod(String namespace, String name) {
        return Pod.run(this, namespace, name);
    }

    /**
     * Starts a container without Kubernetes, by {@code ctr run --detach}, on the network of the machine.
     *
     * @param namespace containerd's; its cgroup is {@code /<namespace>/<id>}
     * @param options of {@code ctr run}, such as {@code --label=a=b}
     */
    public void ctrRun(String namespace, String id, List<String> options, String... command) {
        forgetCgroup('/' + namespace + '/' + id);
        List<String> arguments = new ArrayList<>(List.of("run", "--detach"));
        arguments.addAll(List.of("--mount", "type=bind,src=" + LoadDriver.folder() + ",dst=/load,options=rbind:ro"));
        arguments.addAll(options);
        arguments.addAll(List.of(IMAGE, id));
        arguments.addAll(List.of(command));
        ctr(namespace, arguments).succeeded();
    }

    /** The ctr client with these arguments. */
    public Command ctr(String namespace, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("ctr", "--address", socket().toString(), "--namespace", namespace));
        line.addAll(arguments);
        return Command.run(line);
    }

    /** Kills containerd; its containers run on. */
    public void kill() {
        component.call("kill");
    }

    /** Starts it again after {@link #kill()}. */
    public void resume() {
        Path script = Repository.root().resolve("scripts/test/containerd.sh");
        Command.run(List.of(script.toString(), "start", folder().toString()), Map.of(), Duration.ofMinutes(3))
                .succeeded();
    }

    /** Has a cgroup removed at the end, and those above it if nobody else uses them. */
    void forgetCgroup(String path) {
        try {
            Files.writeString(
                    Path.of(component.property("CGROUPS")),
                    path + '\n',
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes all pods, running or not. */
    public void removeAll() {
        cri.podSandboxes().forEach(cri::removePodSandbox);
    }

    @Override
    public void close() {
        component.close();
    }

    /** Hands the engine to tests as a parameter. */
    public static final class Provider implements ParameterResolver, AfterAllCallback {
        private static final ExtensionContext.Namespace NAMESPACE =
                ExtensionContext.Namespace.create(ContainerdEngine.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == ContainerdEngine.class;
        }

        @Override
        public ContainerdEngine resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // The root's store is closed after the last test of the JVM, and the engine with it.
            return store(context)
                    .computeIfAbsent(ContainerdEngine.class, key -> new ContainerdEngine(), ContainerdEngine.class);
        }

        @Override
        public void afterAll(ExtensionContext context) {
            ContainerdEngine started = store(context).get(ContainerdEngine.class, ContainerdEngine.class);
            if (started != null) {
                started.removeAll();
            }
        }

        private static ExtensionContext.Store store(ExtensionContext context) {
            return context.getRoot().getStore(NAMESPACE);
        }
    }
}
