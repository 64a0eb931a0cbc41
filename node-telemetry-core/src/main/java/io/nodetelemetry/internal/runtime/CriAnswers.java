package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.internal.runtime.grpc.ProtoReader;
import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import java.io.IOException;
import java.time.Instant;

/**
 * Answers of the CRI's runtime service (kubernetes/cri-api, pkg/apis/runtime/v1/api.proto). v1alpha2 differs in nothing
 * that is read here. Unknown fields, and fields of unexpected types, are skipped.
 */
final class CriAnswers {
    private final BoundedLabels labels = new BoundedLabels();
    private final BoundedMounts mounts = new BoundedMounts();
    private String name = "";
    private String namespace = "";
    private String image = "";
    private String imageAsked = "";
    private String logPath = "";
    /** Since 1970; 0 if unknown. */
    private long createdNanos;

    private CriAnswers() {}

    private interface Field {
        void read(ProtoReader message) throws IOException;
    }

    /** A ContainerStatusResponse. */
    static ContainerMetadata container(byte[] response) throws IOException {
        CriAnswers status = new CriAnswers();
        fields(status(response), status::containerField);
        ContainerMetadata metadata = ContainerMetadata.EMPTY
                .withName(status.name)
                .withImage(status.imageAsked.isEmpty() ? status.image : status.imageAsked)
                .withLabels(status.labels.asMap())
                .withMounts(status.mounts.asList());
        ContainerMetadata dated = status.createdNanos <= 0
                ? metadata
                : metadata.withCreatedAt(Instant.ofEpochSecond(0, status.createdNanos));
        return LogPath.of(status.logPath, ContainerLogFile.Format.CRI)
                .map(dated::withLogFile)
                .orElse(dated);
    }

    /** A PodSandboxStatusResponse. */
    static ContainerMetadata sandbox(byte[] response) throws IOException {
        CriAnswers status = new CriAnswers();
        fields(status(response), status::sandboxField);
        return ContainerMetadata.EMPTY
                .withName(status.name)
                .withLabels(KubernetesLabels.ofSandbox(status.labels, status.name, status.namespace)
                        .asMap());
    }

    /** A VersionResponse, for people. */
    static String version(byte[] response) throws IOException {
        String[] nameAndVersion = {"", ""};
        fields(ProtoReader.of(response), message -> {
            switch (message.field()) {
                case 2 -> nameAndVersion[0] = message.text();
                case 3 -> nameAndVersion[1] = message.text();
                default -> {}
            }
        });
        return BoundedLabels.cut(nameAndVersion[0] + ' ' + nameAndVersion[1]);
    }

    private static ProtoReader status(byte[] response) throws IOException {
        ProtoReader message = ProtoReader.of(response);
        while (message.next()) {
            if (message.field() == 1) {
                return message.message();
            }
        }
        throw new IOException("an answer without a status");
    }

    private static void fields(ProtoReader message, Field field) throws IOException {
        while (message.next()) {
            field.read(message);
        }
    }

    private void containerField(ProtoReader message) throws IOException {
        switch (message.field()) {
            case 2 -> fields(message.message(), this::metadataField);
            case 4 -> createdNanos = message.number();
            case 8 -> fields(message.message(), this::imageField);
            case 12 -> label(message.message());
            case 14 -> mount(message.message());
            case 15 -> logPath = message.text();
            default -> {}
        }
    }

    private void sandboxField(ProtoReader message) throws IOException {
        switch (message.field()) {
            case 2 -> fields(message.message(), this::metadataField);
            case 7 -> label(message.message());
            default -> {}
        }
    }

    private void metadataField(ProtoReader message) {
        switch (message.field()) {
            case 1 -> name = BoundedLabels.cut(message.text());
            // Of a sandbox; a container's field 2 is its attempt, and it has no more.
            case 3 -> namespace = BoundedLabels.cut(message.text());
            default -> {}
        }
    }

    private void imageField(ProtoReader message) {
        switch (message.field()) {
            case 1 -> image = BoundedLabels.cut(message.text());
            // user_specified_image, since Kubernetes 1.28; the other one may be a digest.
            case 18 -> imageAsked = BoundedLabels.cut(message.text());
            default -> {}
        }
    }

    private void label(ProtoReader entry) throws IOException {
        String[] keyAndValue = keyAndValue(entry);
        labels.put(keyAndValue[0], keyAndValue[1]);
    }

    /** An entry of a map, a message of two fields. */
    static String[] keyAndValue(ProtoReader entry) throws IOException {
        String[] keyAndValue = {"", ""};
        fields(entry, message -> {
            if (message.field() <= 2) {
                keyAndValue[message.field() - 1] = message.text();
            }
        });
        return keyAndValue;
    }

    private void mount(ProtoReader entry) throws IOException {
        // container_path, host_path
        String[] paths = keyAndValue(entry);
        mounts.add(paths[1], paths[0]);
    }
}
