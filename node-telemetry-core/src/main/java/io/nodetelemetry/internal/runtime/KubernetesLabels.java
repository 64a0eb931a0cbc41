package io.nodetelemetry.internal.runtime;

/** What a kubelet has its runtime put on every container and, but for the container's name, on every sandbox. */
final class KubernetesLabels {
    static final String NAMESPACE = "io.kubernetes.pod.namespace";
    static final String POD = "io.kubernetes.pod.name";
    static final String CONTAINER = "io.kubernetes.container.name";

    private KubernetesLabels() {}

    /** The labels of a sandbox, recognisable as one even if it was not a kubelet that made it. */
    static BoundedLabels ofSandbox(BoundedLabels labels, String pod, String namespace) {
        labels.asMap().remove(CONTAINER);
        labels.asMap().putIfAbsent(POD, pod);
        labels.asMap().putIfAbsent(NAMESPACE, namespace);
        return labels;
    }
}
