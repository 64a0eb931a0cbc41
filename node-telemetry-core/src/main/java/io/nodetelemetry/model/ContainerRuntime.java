package io.nodetelemetry.model;

/** What started a container, as far as its cgroup path tells. */
public enum ContainerRuntime {
    DOCKER,
    CONTAINERD,
    CRIO,
    PODMAN,
    LXC,
    /** A systemd unit. */
    SYSTEMD,
    /** A cgroup whose maker is not known. */
    OTHER
}
