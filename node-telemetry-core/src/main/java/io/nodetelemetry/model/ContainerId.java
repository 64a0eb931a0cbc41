package io.nodetelemetry.model;

import java.util.Objects;

/**
 * The name under which a container's metrics appear, for example {@code /docker/web},
 * {@code /k8s/default/web-5d4f8/nginx} or {@code /system.slice/sshd.service}.
 *
 * @param value the label value; never empty
 */
public record ContainerId(String value) {
    public ContainerId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("container id must not be empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
