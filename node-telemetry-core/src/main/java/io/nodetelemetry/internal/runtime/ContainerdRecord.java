package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.internal.runtime.grpc.ProtoReader;
import io.nodetelemetry.model.ContainerMetadata;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers of containerd's own services (containerd/api, services/containers/v1/containers.proto and
 * services/namespaces/v1/namespace.proto).
 */
final class ContainerdRecord {
    private static final int MAX_NAMESPACES = 32;
    /** Of the year 9999, as timestamp.proto has it. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private final BoundedLabels labels = new BoundedLabels();
    private String id = "";
    private String image = "";
    private OciSpec spec = OciSpec.EMPTY;
    private Optional<Instant> createdAt = Optional.empty();

    private ContainerdRecord() {}

    /** A GetContainerResponse. */
    static ContainerMetadata container(byte[] response) throws IOException {
        ProtoReader message = ProtoReader.of(response);
        while (message.next()) {
            if (message.field() == 1) {
                ContainerdRecord record = new ContainerdRecord();
                record.read(message.message());
                return record.metadata();
            }
        }
        throw new IOException("an answer without a container");
    }

    /** A ListNamespacesResponse: their names. */
    static List<String> namespaces(byte[] response) throws IOException {
        List<String> names = new ArrayList<>();
        ProtoReader message = ProtoReader.of(response);
        while (message.next() && names.size() < MAX_NAMESPACES) {
            if (message.field() == 1) {
                names.add(text(message.message(), 1));
            }
        }
        return names;
    }

    private static String text(ProtoReader message, int field) throws IOException {
        String text = "";
        while (message.next()) {
            if (message.field() == field) {
                text = BoundedLabels.cut(message.text());
            }
        }
        return text;
    }

    private void read(ProtoReader message) throws IOException {
        while (message.next()) {
            switch (message.field()) {
                case 1 -> id = BoundedLabels.cut(message.text());
                case 2 -> {
                    String[] keyAndValue = CriAnswers.keyAndValue(message.message());
                    labels.put(keyAndValue[0], keyAndValue[1]);
                }
                case 3 -> image = BoundedLabels.cut(message.text());
                case 5 -> spec = spec(message.message());
                case 8 -> createdAt = timestamp(message.message());
                default -> {}
            }
        }
    }

    /** A google.protobuf.Any around JSON. */
    private static OciSpec spec(ProtoReader any) throws IOException {
        OciSpec found = OciSpec.EMPTY;
        while (any.next()) {
            if (any.field() == 2) {
                found = OciSpec.parse(any.bytes());
            }
        }
        return found;
    }

    /** A google.protobuf.Timestamp: seconds since 1970 and nanoseconds. */
    private static Optional<Instant> timestamp(ProtoReader message) throws IOException {
        long seconds = 0;
        long nanos = 0;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> seconds = message.number();
                case 2 -> nanos = message.number();
                default -> {}
            }
        }
        boolean valid = seconds > 0 && seconds <= LAST_SECOND && nanos >= 0 && nanos < 1_000_000_000;
        return valid ? Optional.of(Instant.ofEpochSecond(seconds, nanos)) : Optional.empty();
    }

    private ContainerMetadata metadata() {
        Map<String, String> annotations = spec.annotations();
        String pod = annotations.getOrDefault("io.kubernetes.cri.sandbox-name", "");
        String namespace = annotations.getOrDefault("io.kubernetes.cri.sandbox-namespace", "");
        String name = annotations.getOrDefault("io.kubernetes.cri.container-name", id);
        if (isSandbox()) {
            KubernetesLabels.ofSandbox(labels, pod, namespace);
        } else if (!pod.isEmpty()) {
            labels.asMap().putIfAbsent(KubernetesLabels.POD, pod);
            labels.asMap().putIfAbsent(KubernetesLabels.NAMESPACE, namespace);
            labels.asMap().putIfAbsent(KubernetesLabels.CONTAINER, name);
        }
        ContainerMetadata metadata = ContainerMetadata.EMPTY
                .withName(labels.asMap().getOrDefault("nerdctl/name", name))
                .withImage(image)
                .withLabels(labels.asMap())
                .withEnvironment(spec.environment())
                .withMounts(spec.mounts());
        return createdAt.map(metadata::withCreatedAt).orElse(metadata);
    }

    private boolean isSandbox() {
        return "sandbox".equals(spec.annotations().get("io.kubernetes.cri.container-type"))
                || "sandbox".equals(labels.asMap().get("io.cri-containerd.kind"));
    }
}
