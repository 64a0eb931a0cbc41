package io.nodetelemetry.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A Docker engine of the tests' own, one per JVM, started when the first test asks for it by a parameter:
 *
 * <pre>{@code
 * @ExtendWith(DockerEngine.Provider.class)
 * class SomethingIT {
 *     @Test
 *     void works(DockerEngine docker) {
 *         Container server = docker.start("server", "/load/tcpserver", "8080").awaitOutput("ready");
 *         docker.run("client", "/load/tcpclient", "connect", server.ip(), "8080", "100", "1");
 *     }
 * }
 * }</pre>
 *
 * <p>Containers are made of {@code bb:1}, which is busybox and nothing else. Those of a class are removed after its last
 * test.
 */
public final class DockerEngine implements AutoCloseable {
    private static final String IMAGE = "bb:1";

    private final TestComponent engine;

    private DockerEngine(String... options) {
        this.engine = TestComponent.start("dockerd.sh", options);
    }

    /** An engine of one's own, to be closed, whose published ports are translated alone, without a proxy process. */
    public static DockerEngine startWithoutProxy() {
        return new DockerEngine("--without-proxy");
    }

    /** An engine of one's own, to be closed, whose containers outlive it; they must have no network. */
    public static DockerEngine startWithLiveRestore() {
        return new DockerEngine("--live-restore");
    }

    /** An engine of one's own, to be closed, that knows this journal. */
    public static DockerEngine startBeside(JournalDaemon journal) {
        return new DockerEngine("--run", journal.run().toString());
    }

    /** Ends an engine whose containers outlive it, by a signal such as {@code KILL}. */
    public void end(String signal) {
        engine.call("kill", signal);
    }

    /** Starts it again after {@link #end}. */
    public void resume() {
        Path script = Repository.root().resolve("scripts/test/dockerd.sh");
        Command.run(
                        List.of(script.toString(), "start", "--live-restore", engine.property("DIR")),
                        Map.of(),
                        Duration.ofMinutes(3))
                .succeeded();
    }

    /** The engine's API socket. */
    public Path socket() {
        return Path.of(engine.property("DOCKER_HOST").substring("unix://".length()));
    }

    /** Starts a container that stays. */
    public Container start(String name, String... command) {
        return start(name, List.of(), command);
    }

    /** Starts a container that stays, with options of {@code docker run}. */
    public Container start(String name, List<String> options, String... command) {
        List<String> line = new ArrayList<>(List.of("run", "--detach"));
        line.addAll(arguments(name, options, command));
        return new Container(this, name, docker(line).succeeded().out().strip());
    }

    /** Runs a container to its end, which has to be exit code 0, and returns its standard output. */
    public String run(String name, String... command) {
        return run(name, List.of(), command);
    }

    /** Runs a container to its end, with options of {@code docker run}. */
    public String run(String name, List<String> options, String... command) {
        List<String> line = new ArrayList<>(List.of("run"));
        line.addAll(arguments(name, options, command));
        return docker(line).succeeded().out();
    }

    /** The Docker client with these arguments, for what has no method here. */
    public Command docker(List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("docker"));
        line.addAll(arguments);
        return Command.run(line, Map.of("DOCKER_HOST", engine.property("DOCKER_HOST")), Duration.ofMinutes(3));
    }

    /** Runs a program of the machine inside the engine's network namespace. */
    public Command inNetwork(String... command) {
        List<String> line =
                new ArrayList<>(List.of("nsenter", "--net=/proc/" + engine.property("DOCKER_PID") + "/ns/net", "--"));
        line.addAll(List.of(command));
        return Command.run(line);
    }

    /** Removes all containers, running or not. */
    public void removeAll() {
        List<String> ids = docker(List.of("ps", "--all", "--quiet"))
                .succeeded()
                .out()
                .lines()
                .toList();
        if (!ids.isEmpty()) {
            List<String> line = new ArrayList<>(List.of("rm", "--force", "--volumes"));
            line.addAll(ids);
            docker(line).succeeded();
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    private static List<String> arguments(String name, List<String> options, String... command) {
        List<String> line = new ArrayList<>(List.of("--name", name, "--volume", LoadDriver.folder() + ":/load:ro"));
        line.addAll(options);
        line.add(IMAGE);
        line.addAll(List.of(command));
        return line;
    }

    /** Hands the engine to tests as a parameter. */
    public static final class Provider implements ParameterResolver, AfterAllCallback {
        private static final ExtensionContext.Namespace NAMESPACE =
                ExtensionContext.Namespace.create(DockerEngine.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == DockerEngine.class;
        }

        @Override
        public DockerEngine resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // The root's store is closed after the last test of the JVM, and the engine with it.
            return store(context).computeIfAbsent(DockerEngine.class, key -> new DockerEngine(), DockerEngine.class);
        }

        @Override
        public void afterAll(ExtensionContext context) {
            DockerEngine started = store(context).get(DockerEngine.class, DockerEngine.class);
            if (started != null) {
                started.removeAll();
            }
        }

        private static ExtensionContext.Store store(ExtensionContext context) {
            return context.getRoot().getStore(NAMESPACE);
        }
    }
}
