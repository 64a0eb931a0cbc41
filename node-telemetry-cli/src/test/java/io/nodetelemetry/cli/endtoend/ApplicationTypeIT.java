package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What real processes are taken for. Containers see the machine's programs and libraries. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApplicationTypeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final DockerEngine docker;
    private final AgentProcess agent;

    ApplicationTypeIT(DockerEngine docker) {
        this.docker = docker;
        this.agent = Connects.agentBeside(docker);
    }

    @AfterAll
    void stop() {
        agent.close();
    }

    private void start(String name, List<String> options, String... command) {
        List<String> all = new ArrayList<>();
        for (String folder : List.of("/usr", "/lib", "/lib64")) {
            all.addAll(List.of("--volume", folder + ":" + folder + ":ro"));
        }
        all.addAll(options);
        docker.start(name, all, command);
    }

    private void assertTypes(String name, String... expected) {
        Eventually.within(LIMIT, () -> {
            Set<String> types =
                    agent.scrape().series("container_application_type", "container_id", "/docker/" + name).stream()
                            .map(series -> series.labels().getOrDefault("application_type", ""))
                            .collect(Collectors.toSet());
            assertThat(types).as(name).containsExactlyInAnyOrder(expected);
        });
    }

    @Test
    void java() {
        start(
                "type-java",
                List.of("--volume", System.getProperty("java.home") + ":/opt/jdk:ro"),
                "/opt/jdk/bin/java",
                "-m",
                "jdk.httpserver",
                "-p",
                "8000");

        assertTypes("type-java", "java");
    }

    @Test
    void python() {
        start("type-python", List.of(), "/usr/bin/python3", "-m", "http.server");

        assertTypes("type-python", "python");
    }

    @Test
    void prometheus() {
        start(
                "type-prometheus",
                List.of(),
                "/usr/bin/prometheus",
                "--config.file=/dev/null",
                "--storage.tsdb.path=/tmp/prometheus");

        assertTypes("type-prometheus", "prometheus");
    }

    @Test
    void programInGoThatNobodyKnows() {
        start(
                "type-go",
                List.of("--volume", "/usr/bin/prometheus:/srv/shop:ro"),
                "/srv/shop",
                "--config.file=/dev/null",
                "--storage.tsdb.path=/tmp/shop");

        assertTypes("type-go", "golang");
    }

    @Test
    void serverThatWritesItsRoleOverItsCommandLine() {
        start("type-title", List.of(), "/usr/bin/perl", "-e", "$0 = 'nginx: master process /x'; sleep 1000");

        assertTypes("type-title", "nginx");
    }

    @Test
    void scriptThatBecomesAServerAfterAWhile() {
        docker.start(
                "type-script",
                "sh",
                "-c",
                "cp /load/tcpserver /tmp/redis-server; sleep 6; exec /tmp/redis-server 6379");

        assertTypes("type-script", "redis");
    }

    @Test
    void severalInOneContainer() {
        start(
                "type-several",
                List.of(),
                "sh",
                "-c",
                "for n in memcached postgres; do cp /load/tcpserver /tmp/$n; done;"
                        + " /tmp/memcached 1 & /tmp/postgres 2 & exec /usr/bin/python3 -m http.server");

        assertTypes("type-several", "memcached", "postgres", "python");
    }

    @Test
    void shellIsNothing() {
        docker.start("type-none", "sleep", "1000");
        Eventually.within(
                LIMIT,
                () -> assertThat(agent.scrape().value("container_info", "container_id", "/docker/type-none"))
                        .hasValue(1));

        assertTypes("type-none");
    }
}
