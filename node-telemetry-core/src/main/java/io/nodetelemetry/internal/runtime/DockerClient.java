package io.nodetelemetry.internal.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nodetelemetry.internal.http.HttpResponse;
import io.nodetelemetry.internal.http.HttpResponseReader;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Docker Engine API on its unix socket, one connection per question and no state, so that an engine which starts
 * late or restarts is simply asked again. Paths carry no API version: the engine then answers in its own.
 */
public final class DockerClient implements RuntimeClient {
    /** Where engines listen, in the order in which they are looked for. */
    public static final List<Path> DEFAULT_SOCKETS =
            List.of(Path.of("/run/docker.sock"), Path.of("/var/run/docker.sock"));

    /** For one question from connect to the last byte of the answer. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private static final int MAX_BODY = 4 << 20;
    private static final Pattern CONTAINER_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    private static final JsonFactory JSON = new JsonFactory();

    private final String name;
    private final ContainerRuntime runtime;
    private final List<Path> sockets;
    private final Duration timeout;
    private final ContainerLogFile.Format jsonFile;

    /**
     * Opens nothing.
     *
     * @param sockets the first one that exists is asked
     * @param timeout for one question
     */
    public DockerClient(List<Path> sockets, Duration timeout) {
        this("docker", ContainerRuntime.DOCKER, ContainerLogFile.Format.DOCKER_JSON, sockets, timeout);
    }

    /**
     * Another engine that speaks this API.
     *
     * @param jsonFile the format of what it calls {@code json-file}
     */
    DockerClient(
            String name,
            ContainerRuntime runtime,
            ContainerLogFile.Format jsonFile,
            List<Path> sockets,
            Duration timeout) {
        this.name = name;
        this.runtime = runtime;
        this.jsonFile = jsonFile;
        this.sockets = List.copyOf(sockets);
        this.timeout = timeout;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean serves(ContainerRuntime served) {
        return served == runtime;
    }

    @Override
    public Optional<ContainerMetadata> inspect(String id) throws IOException {
        if (!CONTAINER_ID.matcher(id).matches()) {
            return Optional.empty();
        }
        HttpResponse response = get("/containers/" + id + "/json");
        return switch (response.status()) {
            case 200 -> Optional.of(DockerInspect.parse(response.body(), jsonFile));
            case 404 -> Optional.empty();
            default -> throw new IOException(name + " answered " + response.status() + ": " + response.excerpt());
        };
    }

    /**
     * The engine's version, for example {@code 20.10.24}; proves that the socket is alive and answers sense.
     *
     * @throws IOException if not; the message says what was tried
     */
    public String version() throws IOException {
        return text("/version", "Version");
    }

    /**
     * Where the engine keeps its containers and their logs, as the engine sees the host's files ({@code GET /info}); empty
     * if that is no absolute path.
     *
     * @throws IOException if it cannot be asked
     */
    public Optional<Path> dataDirectory() throws IOException {
        String directory = text("/info", "DockerRootDir");
        return directory.startsWith("/") ? Optional.of(Path.of(directory)) : Optional.empty();
    }

    /** A member of the object that it answers with. */
    private String text(String path, String member) throws IOException {
        HttpResponse response = get(path);
        if (response.status() != 200) {
            throw new IOException(name + " answered " + response.status() + ": " + response.excerpt());
        }
        try (JsonParser parser = JSON.createParser(response.body())) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    boolean wanted = parser.currentName().equals(member);
                    if (parser.nextToken() == JsonToken.VALUE_STRING && wanted) {
                        return parser.getText();
                    }
                    parser.skipChildren();
                }
            }
        }
        throw new IOException(name + " answered without " + member + ": " + response.excerpt());
    }

    private HttpResponse get(String path) throws IOException {
        try (DeadlineSocket socket = DeadlineSocket.connect(socket(), timeout)) {
            socket.write(("GET " + path
                            + " HTTP/1.1\r\nHost: docker\r\nAccept: application/json\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new HttpResponseReader(socket::read, MAX_BODY).read();
        }
    }

    private Path socket() throws IOException {
        for (Path candidate : sockets) {
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        throw new RuntimeAbsentException("no " + name + " socket at " + sockets);
    }
}
