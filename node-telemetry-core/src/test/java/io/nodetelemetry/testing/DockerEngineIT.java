package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The instruments are right themselves: what the other integration tests count with. */
@RequiresDocker
@ExtendWith(DockerEngine.Provider.class)
class DockerEngineIT {
    @Test
    void containersConnectAsOftenAsTold(DockerEngine docker) {
        Container server = docker.start("rig-server", "/load/tcpserver", "8080").awaitOutput("ready port=8080");

        assertThat(docker.run("rig-client", "/load/tcpclient", "connect", server.ip(), "8080", "1003", "4"))
                .startsWith("mode=connect made=1003 refused=0 abandoned=0 failed=0 elapsed_ns=");
        assertThat(docker.run("rig-procs", "/load/tcpclient", "procs", server.ip(), "8080", "50", "2"))
                .startsWith("mode=procs made=50 refused=0 abandoned=0 failed=0 ");
        assertThat(docker.run("rig-refused", "/load/tcpclient", "refused", server.ip(), "9", "20", "2"))
                .startsWith("mode=refused made=0 refused=20 abandoned=0 failed=0 ");
    }

    @Test
    void heldConnectionsCloseByHalvesAndOnTermination(DockerEngine docker) {
        Container server =
                docker.start("rig-keeper", "/load/tcpserver", "-k", "8080").awaitOutput("ready");
        Container holder = docker.start("rig-holder", "/load/tcpclient", "hold", server.ip(), "8080", "10")
                .awaitOutput("ready mode=hold made=10");

        holder.signal("USR1");
        holder.awaitOutput("open=5");
        holder.signal("TERM");

        assertThat(holder.awaitExit()).isZero();
    }

    @Test
    void theEngineIsApartFromTheMachine(DockerEngine docker) {
        assertThat(docker.inNetwork("ip", "link", "show", "docker0").succeeded().out())
                .contains("docker0");
        assertThat(Files.exists(docker.socket())).isTrue();
    }
}
