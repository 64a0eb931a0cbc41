package io.nodetelemetry.cli.endtoend;

import static io.nodetelemetry.cli.endtoend.Connects.ACTIVE;
import static io.nodetelemetry.cli.endtoend.Connects.LISTEN;
import static io.nodetelemetry.cli.endtoend.Connects.SOON;
import static io.nodetelemetry.cli.endtoend.Connects.SUCCESSFUL;
import static io.nodetelemetry.cli.endtoend.Connects.agentBeside;
import static io.nodetelemetry.cli.endtoend.Connects.assertSoon;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Container;
import io.nodetelemetry.testing.DockerEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresDocker;
import io.nodetelemetry.testing.RequiresKernel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An agent that starts on a busy node: what is open is shown, and what begins later is counted exactly. */
@RequiresKernel
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class AlreadyOpenIT {
    @Test
    void connectionsOlderThanTheAgentAreActiveUntilTheyClose(DockerEngine docker) {
        Container server =
                docker.start("open-keeper", "/load/tcpserver", "-k", "8080").awaitOutput("ready");
        Container holder = docker.start("open-holder", "/load/tcpclient", "hold", server.ip(), "8080", "50")
                .awaitOutput("made=50");
        String destination = server.ip() + ":8080";

        try (AgentProcess agent = agentBeside(docker)) {
            assertSoon(agent, ACTIVE, "open-holder", destination, 50);

            holder.signal("USR1");
            assertSoon(agent, ACTIVE, "open-holder", destination, 25);

            holder.signal("TERM");
            assertSoon(agent, ACTIVE, "open-holder", destination, 0);
            assertThat(agent.scrape().sum(SUCCESSFUL, "container_id", "/docker/open-holder"))
                    .as("connects that were made before the agent's start")
                    .isZero();
        }
    }

    @Test
    void connectionsResetByTheOtherSideAreNotActiveAnyMore(DockerEngine docker) {
        Container server =
                docker.start("open-victim", "/load/tcpserver", "-k", "8080").awaitOutput("ready");
        String destination = server.ip() + ":8080";

        try (AgentProcess agent = agentBeside(docker)) {
            docker.start("open-survivor", "/load/tcpclient", "hold", server.ip(), "8080", "10")
                    .awaitOutput("made=10");
            assertSoon(agent, ACTIVE, "open-survivor", destination, 10);

            server.remove();
            assertSoon(agent, ACTIVE, "open-survivor", destination, 0);
        }
    }

    @Test
    void anAgentStartedInTheMiddleOfTheLoadCountsWhatBeginsAfterItsStart(DockerEngine docker) {
        Container server =
                docker.start("middle-server", "/load/tcpserver", "8080").awaitOutput("ready");
        // Until it is ended: nobody knows how long the agent's start takes.
        String connect = "/load/tcpclient connect " + server.ip() + " 8080 10000000 4 2000";
        Container load = docker.start("middle-load", "sh", "-c", connect + "; exec sleep 1000");
        Eventually.within(SOON, () -> assertThat(activeOpens(load)).isPositive());

        long before = activeOpens(load);
        try (AgentProcess agent = agentBeside(docker)) {
            long started = activeOpens(load);
            docker.run("middle-later", "/load/tcpclient", "connect", server.ip(), "8080", "10000", "2");
            load.exec("killall", "tcpclient");
            long after = activeOpens(load);

            assertSoon(agent, SUCCESSFUL, "middle-later", server.ip() + ":8080", 10_000);
            // The kernel's own count of the namespace brackets what the agent can have seen: each of the four threads
            // may
            // have been ended inside a connect.
            Eventually.within(
                    SOON,
                    () -> assertThat(agent.scrape().sum(SUCCESSFUL, "container_id", "/docker/middle-load"))
                            .isBetween((double) (after - started - 4), (double) (after - before)));
            assertThat(started).as("the load was still going on").isLessThan(after);
        }
    }

    @Test
    void listenersAreShownWhateverTheirAge(DockerEngine docker) {
        Container older =
                docker.start("listen-older", "/load/tcpserver", "8081").awaitOutput("ready");

        try (AgentProcess agent = agentBeside(docker)) {
            Container newer = docker.start("listen-newer", "sh", "-c", "/load/tcpserver 8082 & wait; exec sleep 1000")
                    .awaitOutput("ready");
            String newerAddress = newer.ip() + ":8082";

            assertListens(agent, "listen-older", older.ip() + ":8081", 1);
            assertListens(agent, "listen-newer", newerAddress, 1);

            newer.exec("killall", "tcpserver");
            assertListens(agent, "listen-newer", newerAddress, 0);
        }
    }

    private static void assertListens(AgentProcess agent, String container, String address, double expected) {
        Eventually.within(
                SOON,
                () -> assertThat(agent.scrape()
                                .value(LISTEN, "container_id", "/docker/" + container, "listen_addr", address))
                        .as(
                                "listener %s of %s in %s",
                                address, container, agent.scrape().series(LISTEN))
                        .hasValue(expected));
    }

    /** Connects begun in the container's network namespace; "ActiveOpens" of proc_net_snmp, RFC 1213 tcpActiveOpens. */
    private static long activeOpens(Container container) {
        List<String> lines = container
                .exec("cat", "/proc/net/snmp")
                .lines()
                .filter(line -> line.startsWith("Tcp:"))
                .toList();
        int column = List.of(lines.getFirst().split(" ", -1)).indexOf("ActiveOpens");
        return Long.parseLong(lines.getLast().split(" ", -1)[column]);
    }
}
