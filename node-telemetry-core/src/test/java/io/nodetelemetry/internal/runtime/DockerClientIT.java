package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.RequiresDocker;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real engine says of its containers' logs. */
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class DockerClientIT {
    private final DockerEngine docker;
    private final DockerClient client;

    DockerClientIT(DockerEngine docker) {
        this.docker = docker;
        client = new DockerClient(List.of(docker.socket()), DockerClient.DEFAULT_TIMEOUT);
    }

    private ContainerMetadata inspect(String name, String driver, String... command) throws IOException {
        Container container = docker.start(name, List.of("--log-driver", driver), command);
        return client.inspect(container.id()).orElseThrow();
    }

    @Test
    void fileOfLinesIsTold() throws IOException {
        ContainerLogFile log =
                inspect("log-file", "json-file", "sleep", "1000").logFile().orElseThrow();

        assertThat(log.format()).isEqualTo(ContainerLogFile.Format.DOCKER_JSON);
        assertThat(log.path()).isRegularFile();
    }

    @Test
    void otherDriversHaveNone() throws IOException {
        assertThat(inspect("log-local", "local", "sleep", "1000").logFile()).isEmpty();
        assertThat(inspect("log-none", "none", "sleep", "1000").logFile()).isEmpty();
    }
}
