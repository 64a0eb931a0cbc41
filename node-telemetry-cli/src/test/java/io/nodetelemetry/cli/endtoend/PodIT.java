package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.ContainerdEngine;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.Pod;
import io.nodetelemetry.testing.PodContainer;
import io.nodetelemetry.testing.RequiresContainerd;
import io.nodetelemetry.testing.RequiresKernel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods of containerd, and its containers outside of pods, appear by their names, with all they do. */
@RequiresKernel
@RequiresContainerd
@ExtendWith(ContainerdEngine.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodIT {
    private static final String INFO = "container_info";
    private static final String IMAGE = "localhost/bb:1";

    private final ContainerdEngine containerd;
    private final Pod servers;
    private final AgentProcess agent;
    /** Every id that was reported at any time, looked for as often as one may scrape in earnest and oftener. */
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    private final Thread looking = Thread.ofVirtual().unstarted(this::look);

    PodIT(ContainerdEngine containerd) {
        this.containerd = containerd;
        // Both run before the agent does.
        servers = containerd.pod("backend", "servers-0");
        servers.start("tcp", "/load/tcpserver", "8080").awaitOutput("ready");
        agent = AgentProcess.start("--cri-socket=" + containerd.socket());
        looking.start();
    }

    private void look() {
        Pattern id = Pattern.compile("container_id=\"([^\"]*)\"");
        while (!Thread.currentThread().isInterrupted()) {
            id.matcher(agent.get("/metrics").body()).results().forEach(found -> seen.add(found.group(1)));
            LockSupport.parkNanos(50_000_000);
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        looking.interrupt();
        looking.join();
        agent.close();
    }

    private void assertSoonKnown(String id) {
        Eventually.within(
                Connects.SOON,
                () -> assertThat(agent.scrape().value(INFO, "container_id", id, "image", IMAGE))
                        .as("%s", id)
                        .hasValue(1));
    }

    /** Of a pod, nothing may ever appear but the containers that it was given: no sandbox, no id of a runtime. */
    private void assertNothingElseOf(Pod pod, PodContainer... containers) {
        assertThat(looking.isAlive()).isTrue();
        assertThat(seen).contains("/k8s/backend/servers-0/tcp").doesNotContain(pod.containerId(""));
        assertThat(seen).noneMatch(id -> id.contains(pod.id()));
        for (PodContainer container : containers) {
            assertThat(seen).noneMatch(id -> id.contains(container.id()));
        }
    }

    private void assertSoonConnected(String id, double expected) {
        Eventually.within(
                Connects.SOON,
                () -> assertThat(agent.scrape()
                                .sum(Connects.SUCCESSFUL, "container_id", id, "destination", servers.ip() + ":8080"))
                        .as("connects of %s", id)
                        .isEqualTo(expected));
    }

    @Test
    void aPodThatRanBeforeTheAgentIsKnown() {
        assertSoonKnown("/k8s/backend/servers-0/tcp");
        assertNothingElseOf(servers);
    }

    @Test
    void aPodThatStartsLaterIsKnownAndItsConnectsAreCounted() {
        Pod pod = containerd.pod("shop", "client-5d4f8");
        PodContainer client = pod.start("client", "/load/tcpclient", "connect", servers.ip(), "8080", "2000", "4")
                .awaitSuccess();

        assertSoonKnown("/k8s/shop/client-5d4f8/client");
        assertSoonConnected("/k8s/shop/client-5d4f8/client", 2_000);
        assertNothingElseOf(pod, client);
    }

    @Test
    void aRestartedContainerKeepsItsIdAndItsCounters() {
        Pod pod = containerd.pod("shop", "restart-0");
        pod.start("client", "/load/tcpclient", "connect", servers.ip(), "8080", "100", "1")
                .awaitSuccess();
        assertSoonConnected("/k8s/shop/restart-0/client", 100);

        PodContainer again = pod.start("client", "/load/tcpclient", "connect", servers.ip(), "8080", "50", "1")
                .awaitSuccess();

        assertSoonConnected("/k8s/shop/restart-0/client", 150);
        assertSoonKnown("/k8s/shop/restart-0/client");
        assertNothingElseOf(pod, again);
    }

    @Test
    void twoContainersOfAPodAreTwo() {
        Pod pod = containerd.pod("shop", "pair-0");
        pod.start("a", "/load/tcpclient", "connect", servers.ip(), "8080", "30", "1")
                .awaitSuccess();
        pod.start("b", "/load/tcpclient", "connect", servers.ip(), "8080", "40", "1")
                .awaitSuccess();

        assertSoonConnected("/k8s/shop/pair-0/a", 30);
        assertSoonConnected("/k8s/shop/pair-0/b", 40);
    }

    @Test
    void cgroupsNamedAsSystemdNamesThemAreKnownToo() {
        Pod pod = containerd.pod("shop", "slice-0");
        PodContainer client = pod.start(
                "client",
                "sh",
                "-c",
                "while [ ! -e /tmp/go ]; do sleep 0.1; done; exec /load/tcpclient connect " + servers.ip()
                        + " 8080 300 2");
        client.moveToSystemdCgroup();
        client.exec("touch", "/tmp/go");
        client.awaitSuccess();

        assertSoonKnown("/k8s/shop/slice-0/client");
        assertSoonConnected("/k8s/shop/slice-0/client", 300);
        assertNothingElseOf(pod, client);
    }

    @Test
    void aPodThatIsMadeByARestartedContainerdIsKnown() {
        containerd.kill();
        containerd.resume();

        Pod pod = containerd.pod("shop", "after-0");
        PodContainer client = pod.start("client", "/load/tcpclient", "connect", servers.ip(), "8080", "70", "1")
                .awaitSuccess();

        assertSoonKnown("/k8s/shop/after-0/client");
        assertSoonConnected("/k8s/shop/after-0/client", 70);
        assertSoonKnown("/k8s/backend/servers-0/tcp");
        assertNothingElseOf(pod, client);
    }

    @Test
    void containersOutsideOfKubernetesGoByTheirNames() {
        containerd.ctrRun("default", "pod-it-plain", List.of(), "sleep", "1000");
        containerd.ctrRun("default", "ab".repeat(32), List.of("--label=nerdctl/name=pod-it-cache"), "sleep", "1000");

        assertSoonKnown("/containerd/pod-it-plain");
        assertSoonKnown("/containerd/pod-it-cache");
        assertThat(seen).noneMatch(id -> id.startsWith("/default/"));
    }
}
