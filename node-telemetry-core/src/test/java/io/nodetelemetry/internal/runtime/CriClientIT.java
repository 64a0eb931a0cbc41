package io.nodetelemetry.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.testing.ContainerdEngine;
import io.nodetelemetry.testing.Pod;
import io.nodetelemetry.testing.PodContainer;
import io.nodetelemetry.testing.RequiresContainerd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real containerd says of its containers, by the CRI and by its own API. */
@RequiresContainerd
@ExtendWith(ContainerdEngine.Provider.class)
class CriClientIT {
    private final ContainerdEngine containerd;
    private final CriClient client;

    CriClientIT(ContainerdEngine containerd) {
        this.containerd = containerd;
        client = new CriClient(List.of(containerd.socket()), Duration.ofSeconds(20));
    }

    @Test
    void aContainerOfAPodHasItsLabelsImageAndMounts() throws IOException {
        Pod pod = containerd.pod("shop", "inspect-1");
        PodContainer container = pod.start("cart", "sleep", "1000");

        ContainerMetadata found = client.inspect(container.id()).orElseThrow();

        assertThat(found.name()).isEqualTo("cart");
        assertThat(found.image()).isEqualTo("localhost/bb:1");
        assertThat(found.labels())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "app",
                        "inspect-1",
                        "io.kubernetes.container.name",
                        "cart",
                        "io.kubernetes.pod.name",
                        "inspect-1",
                        "io.kubernetes.pod.namespace",
                        "shop",
                        "io.kubernetes.pod.uid",
                        pod.uid()));
        assertThat(found.mounts()).extracting(ContainerMount::destination).containsExactly("/load");
        assertThat(found.logFile())
                .contains(new ContainerLogFile(container.log(), ContainerLogFile.Format.CRI))
                .hasValueSatisfying(log -> assertThat(log.path()).isRegularFile());
    }

    @Test
    void aSandboxIsOneByBothApis() throws IOException {
        Pod pod = containerd.pod("shop", "inspect-2");

        for (ContainerMetadata found : List.of(
                client.inspect(pod.id()).orElseThrow(),
                client.inspect("/k8s.io/" + pod.id()).orElseThrow())) {
            assertThat(found.labels())
                    .containsEntry("io.kubernetes.pod.name", "inspect-2")
                    .doesNotContainKey("io.kubernetes.container.name");
        }
    }

    @Test
    void aPodThatIsGoneIsUnknown() throws IOException {
        Pod pod = containerd.pod("shop", "inspect-3");
        PodContainer container = pod.start("cart", "true");
        assertThat(client.inspect(container.id())).isPresent();

        pod.remove();

        assertThat(client.inspect(container.id())).isEmpty();
        assertThat(client.inspect(pod.id())).isEmpty();
        assertThat(client.inspect("0".repeat(64))).isEmpty();
    }

    @Test
    void aContainerOutsideOfKubernetesIsFoundInAnyNamespace() throws IOException {
        containerd.ctrRun("default", "plain-1", List.of("--label=team=a"), "sleep", "1000");
        String hex = "ab".repeat(32);
        containerd.ctrRun("default", hex, List.of("--label=nerdctl/name=cache"), "sleep", "1000");

        ContainerMetadata plain = client.inspect("/default/plain-1").orElseThrow();
        assertThat(plain.name()).isEqualTo("plain-1");
        assertThat(plain.image()).isEqualTo("localhost/bb:1");
        assertThat(plain.labels()).containsEntry("team", "a");
        assertThat(plain.mounts()).extracting(ContainerMount::destination).contains("/load");
        assertThat(client.inspect("plain-1")).contains(plain);
        assertThat(client.inspect("/other/plain-1")).isEmpty();
        assertThat(client.inspect(hex).orElseThrow().name()).isEqualTo("cache");
    }

    @Test
    void versionNamesTheRuntime() throws IOException {
        assertThat(client.version().orElseThrow()).startsWith(containerd.socket() + ", containerd ");
    }

    @Test
    void aKilledRuntimeIsAnErrorAndAskedAgainWhenItIsBack() throws IOException {
        PodContainer container = containerd.pod("shop", "inspect-4").start("cart", "sleep", "1000");
        assertThat(client.inspect(container.id())).isPresent();

        containerd.kill();
        try {
            assertThatThrownBy(() -> client.inspect(container.id()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(containerd.socket().toString());
        } finally {
            containerd.resume();
        }

        assertThat(client.inspect(container.id())).isPresent();
    }
}
