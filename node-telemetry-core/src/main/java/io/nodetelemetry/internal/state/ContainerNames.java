package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerMetadata;
import java.util.Map;
import java.util.Optional;

/** The name of a container by what its runtime says of it. */
final class ContainerNames {
    // Set by kubelet's runtimes on every container (CRI).
    private static final String NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String POD = "io.kubernetes.pod.name";
    private static final String CONTAINER = "io.kubernetes.container.name";

    private ContainerNames() {}

    /** Whether this is the sandbox ("pause") of a pod, which holds its namespaces and does nothing. */
    static boolean isPodSandbox(ContainerMetadata metadata) {
        String container = metadata.labels().getOrDefault(CONTAINER, "");
        return metadata.labels().containsKey(POD) && (container.isEmpty() || container.equals("POD"));
    }

    /** The name; empty if the runtime gave none. */
    static Optional<ContainerId> of(ContainerKey key, ContainerMetadata metadata) {
        Map<String, String> labels = metadata.labels();
        String pod = labels.getOrDefault(POD, "");
        if (!pod.isEmpty()) {
            return Optional.of(new ContainerId("/k8s/" + labels.getOrDefault(NAMESPACE, "") + '/' + pod + '/'
                    + labels.getOrDefault(CONTAINER, "")));
        }
        if (metadata.name().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ContainerKey(key.runtime(), metadata.name()).pathDerivedId());
    }
}
