package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.ABANDONED;
import static io.nodetelemetry.cli.endtoend.Connects.FAILED;
import static io.nodetelemetry.cli.endtoend.Connects.SUCCESSFUL;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each connection that a container makes is counted once, for that container, whatever the load. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectCountIT {
    private final DockerEngine docker;
    private final AgentProcess agent;
    private final Container server;

    ConnectCountIT(DockerEngine docker) {
        this.docker = docker;
        this.server = docker.start("count-server", "/load/tcpserver", "8080").awaitOutput("ready");
        this.agent = Connects.agentBeside(docker);
    }

    @AfterAll
    void stop() {
        agent.close();
    }

    @Test
    void aConnectAppearsUnderTheContainersName() {
        docker.run("count-one", "/load/tcpclient", "connect", server.ip(), "8080", "1", "1");

        assertSoonTo("8080", SUCCESSFUL, "count-one", 1);
        assertThat(agent.scrape().value(FAILED, "container_id", "/docker/count-one"))
                .isEmpty();
    }

    @Test
    void busyboxClientsCountToo() {
        docker.run(
                "count-nc",
                "sh",
                "-c",
                "nc " + server.ip() + " 8080 </dev/null; nc " + server.ip() + " 8080 </dev/null");

        assertSoonTo("8080", SUCCESSFUL, "count-nc", 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void aHundredThousandConnectsAreAHundredThousand(int threads) {
        String name = "count-100k-" + threads;
        docker.run(name, "/load/tcpclient", "connect", server.ip(), "8080", "100000", "" + threads);

        assertSoonTo("8080", SUCCESSFUL, name, 100_000);
    }

    @Test
    void twoThousandProcessesThatConnectOnceAndExitAreTwoThousand() {
        docker.run("count-procs", "/load/tcpclient", "procs", server.ip(), "8080", "2000", "4");

        assertSoonTo("8080", SUCCESSFUL, "count-procs", 2_000);
    }

    @Test
    void containersThatLiveLessThanASecondAreReportedByName() {
        List<String> names =
                IntStream.rangeClosed(1, 5).mapToObj(i -> "count-brief-" + i).toList();
        names.forEach(name ->
                docker.run(name, List.of("--rm"), "/load/tcpclient", "connect", server.ip(), "8080", "100", "1"));

        names.forEach(name -> assertSoonTo("8080", SUCCESSFUL, name, 100));
    }

    @Test
    void twentyThousandRefusedConnectsAreTwentyThousandFailures() {
        docker.run("count-refused", "/load/tcpclient", "refused", server.ip(), "9", "20000", "4");

        assertSoonTo("9", FAILED, "count-refused", 20_000);
        assertThat(agent.scrape().value(SUCCESSFUL, "container_id", "/docker/count-refused"))
                .isEmpty();
    }

    @Test
    void connectsAbandonedByTheirCallerAreNoFailures() {
        // Nobody has that address of the bridge's network, so the handshake never ends.
        docker.run("count-abandon", "/load/tcpclient", "abandon", "172.17.255.250", "8080", "500", "2");

        Connects.assertSoon(agent, ABANDONED, "count-abandon", "172.17.255.250:8080", 500);
        assertThat(agent.scrape().sum(FAILED, "container_id", "/docker/count-abandon"))
                .isZero();
        assertThat(agent.scrape().sum(SUCCESSFUL, "container_id", "/docker/count-abandon"))
                .isZero();
    }

    @Test
    void connectionsThatAreOverAreNotActive() {
        docker.run("count-over", "/load/tcpclient", "connect", server.ip(), "8080", "50", "2");

        assertSoonTo("8080", SUCCESSFUL, "count-over", 50);
        Eventually.within(
                Connects.SOON,
                () -> assertThat(agent.scrape().sum(Connects.ACTIVE, "container_id", "/docker/count-over"))
                        .isZero());
    }

    private void assertSoonTo(String port, String metric, String container, double expected) {
        Connects.assertSoon(agent, metric, container, server.ip() + ":" + port, expected);
    }
}
