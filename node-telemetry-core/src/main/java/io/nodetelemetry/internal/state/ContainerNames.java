package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a container by what its runtime says of it. What an orchestrator makes anew under a fresh name, again and
 * again, is called by the part that stays: series would pile up otherwise.
 */
final class ContainerNames {
    // Set by kubelet's runtimes on every container (CRI).
    private static final String NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String POD = "io.kubernetes.pod.name";
    private static final String CONTAINER = "io.kubernetes.container.name";

    /**
     * A pod of a Job of a CronJob: the controller appends the scheduled time in minutes to the CronJob's name, and five
     * characters of those that Kubernetes uses for random names.
     */
    private static final Pattern CRONJOB_POD = Pattern.compile("(.+)-([0-9]{8})-[bcdfghjklmnpqrstvwxz2456789]{5}");

    /** Eight digits that are no time in minutes near now are part of a name. */
    private static final Duration NEAR = Duration.ofDays(7);

    // Set by Docker's swarm mode: the task is called <service>.<slot or node>.<task id>.
    private static final String SWARM_TASK = "com.docker.swarm.task.name";
    private static final String SWARM_STACK = "com.docker.stack.namespace";
    private static final String NO_STACK = "_";

    /** Set by Nomad's client for every task; the parts of the id. */
    private static final List<String> NOMAD =
            List.of("NOMAD_NAMESPACE", "NOMAD_JOB_NAME", "NOMAD_GROUP_NAME", "NOMAD_ALLOC_ID", "NOMAD_TASK_NAME");

    private ContainerNames() {}

    /** Whether this is the sandbox ("pause") of a pod, which holds its namespaces and does nothing. */
    static boolean isPodSandbox(ContainerMetadata metadata) {
        String container = metadata.labels().getOrDefault(CONTAINER, "");
        return metadata.labels().containsKey(POD) && (container.isEmpty() || container.equals("POD"));
    }

    /**
     * The name; empty if the runtime gave none.
     *
     * @param now what the time in the name of a CronJob's pod is compared with
     */
    static Optional<ContainerId> of(ContainerKey key, ContainerMetadata metadata, Instant now) {
        return inPod(metadata.labels(), now)
                .or(() -> inSwarm(metadata.labels()))
                .or(() -> inNomad(metadata.environment()))
                .or(() -> metadata.name().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ContainerKey(key.runtime(), metadata.name()).pathDerivedId()));
    }

    private static Optional<ContainerId> inPod(Map<String, String> labels, Instant now) {
        String pod = labels.getOrDefault(POD, "");
        if (pod.isEmpty()) {
            return Optional.empty();
        }
        String namespace = labels.getOrDefault(NAMESPACE, "");
        String container = labels.getOrDefault(CONTAINER, "");
        Matcher matcher = CRONJOB_POD.matcher(pod);
        return Optional.of(
                matcher.matches() && isNear(Long.parseLong(matcher.group(2)), now)
                        ? id("k8s-cronjob", namespace, matcher.group(1), container)
                        : id("k8s", namespace, pod, container));
    }

    private static boolean isNear(long minutes, Instant now) {
        return Duration.between(
                                Instant.ofEpochSecond(
                                        Duration.ofMinutes(minutes).toSeconds()),
                                now)
                        .abs()
                        .compareTo(NEAR)
                <= 0;
    }

    private static Optional<ContainerId> inSwarm(Map<String, String> labels) {
        String[] task = labels.getOrDefault(SWARM_TASK, "").split("\\.", -1);
        if (task.length != 3) {
            return Optional.empty();
        }
        String stack = labels.getOrDefault(SWARM_STACK, "");
        boolean prefixed = !stack.isEmpty() && task[0].startsWith(stack + '_');
        String service = prefixed ? task[0].substring(stack.length() + 1) : task[0];
        return Optional.of(id("swarm", stack.isEmpty() ? NO_STACK : stack, service, task[1]));
    }

    private static Optional<ContainerId> inNomad(Map<String, String> environment) {
        String[] parts = NOMAD.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .toArray(String[]::new);
        return parts.length == NOMAD.size() ? Optional.of(id("nomad", parts)) : Optional.empty();
    }

    private static ContainerId id(String kind, String... parts) {
        return new ContainerId('/' + kind + '/' + String.join("/", parts));
    }
}
