package io.nodetelemetry.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerNamesTest {
    private static final ContainerKey DOCKER = new ContainerKey(ContainerRuntime.DOCKER, "a".repeat(64));
    /** 29 453 760 minutes after the epoch. */
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final Map<String, String> NOMAD = Map.of(
            "NOMAD_NAMESPACE", "default",
            "NOMAD_JOB_NAME", "shop",
            "NOMAD_GROUP_NAME", "web",
            "NOMAD_ALLOC_ID", "5f6c1d2e",
            "NOMAD_TASK_NAME", "nginx");

    private static String name(ContainerMetadata metadata) {
        return ContainerNames.of(DOCKER, metadata, NOW).map(ContainerId::value).orElse("");
    }

    private static ContainerMetadata pod(String pod) {
        return ContainerMetadata.EMPTY
                .withName("k8s_run_" + pod)
                .withLabels(Map.of(
                        "io.kubernetes.pod.namespace", "jobs",
                        "io.kubernetes.pod.name", pod,
                        "io.kubernetes.container.name", "run"));
    }

    private static ContainerMetadata task(String name, String stack) {
        Map<String, String> labels = new HashMap<>(Map.of("com.docker.swarm.task.name", name));
        if (!stack.isEmpty()) {
            labels.put("com.docker.stack.namespace", stack);
        }
        return ContainerMetadata.EMPTY.withName(name).withLabels(labels);
    }

    @Test
    void podsOfACronJobShareItsName() {
        assertThat(name(pod("backup-29453760-x7k2p"))).isEqualTo("/k8s-cronjob/jobs/backup/run");
        assertThat(name(pod("nightly-backup-29453700-bcdfg"))).isEqualTo("/k8s-cronjob/jobs/nightly-backup/run");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup-29443679-x7k2p", // 7 days and a minute ago
                "backup-29463841-x7k2p", // as far ahead
                "backup-2945376-x7k2p",
                "backup-294537600-x7k2p",
                "backup-29453760-x7k2",
                "backup-29453760-aeiou",
                "29453760-x7k2p",
                "backup-00000000-x7k2p",
                "web-5d4f8c7b9-x7k2p"
            })
    void otherPodsKeepTheirs(String pod) {
        assertThat(name(pod(pod))).isEqualTo("/k8s/jobs/" + pod + "/run");
    }

    @Test
    void aWeekIsNear() {
        assertThat(name(pod("backup-29443680-x7k2p"))).isEqualTo("/k8s-cronjob/jobs/backup/run");
        assertThat(name(pod("backup-29463840-x7k2p"))).isEqualTo("/k8s-cronjob/jobs/backup/run");
    }

    @ParameterizedTest
    @CsvSource({
        "shop_web.2.k3j9s, shop, /swarm/shop/web/2",
        "shop_web.node7.k3j9s, shop, /swarm/shop/web/node7",
        "other_web.1.k3j9s, shop, /swarm/shop/other_web/1",
        "web.1.k3j9s, '', /swarm/_/web/1",
        "web.1, '', /docker/web.1",
        "a.b.1.k3j9s, '', /docker/a.b.1.k3j9s"
    })
    void tasksOfASwarmAreCalledByTheirSlot(String task, String stack, String id) {
        assertThat(name(task(task, stack))).isEqualTo(id);
    }

    @Test
    void tasksOfNomadAreCalledByTheirEnvironment() {
        ContainerMetadata task =
                ContainerMetadata.EMPTY.withName("nginx-5f6c1d2e").withEnvironment(NOMAD);

        assertThat(name(task)).isEqualTo("/nomad/default/shop/web/5f6c1d2e/nginx");
    }

    @Test
    void partOfNomadsEnvironmentIsNotEnough() {
        for (String missing : NOMAD.keySet()) {
            Map<String, String> rest = new HashMap<>(NOMAD);
            rest.remove(missing);

            assertThat(name(ContainerMetadata.EMPTY.withName("web").withEnvironment(rest)))
                    .isEqualTo("/docker/web");
        }
    }

    @Test
    void kubernetesGoesBeforeSwarmAndSwarmBeforeNomad() {
        Map<String, String> both = new HashMap<>(task("web.1.k3j9s", "").labels());
        ContainerMetadata swarm = ContainerMetadata.EMPTY.withLabels(both).withEnvironment(NOMAD);
        assertThat(name(swarm)).isEqualTo("/swarm/_/web/1");

        both.putAll(pod("web-1").labels());
        assertThat(name(swarm.withLabels(both))).isEqualTo("/k8s/jobs/web-1/run");
    }

    @Test
    void anyTextGivesANameOrNone() {
        Random random = new Random(42);
        String[] pieces = {"-", ".", "_", "29453760", "x7k2p", "99999999", "/", "", " ", "\n", "web", "\u00e9"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(8); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            assertThat(name(pod(text + "x"))).startsWith("/k8s");
            assertThat(name(task(text.toString(), "web"))).matches(name -> name.isEmpty() || name.startsWith("/"));
        }
    }
}
