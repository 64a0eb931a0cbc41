package io.nodetelemetry.internal.state;

/** Whether a container is reported, and if not, why. */
public enum Reporting {
    /** It has a name, something runs or ran in it, and no setting is against it. */
    REPORTED,
    /** Its runtime is being asked for its name. */
    UNNAMED,
    /** Nothing was seen to run in it: a cgroup that systemd made for a mount, or a level that groups others. */
    EMPTY,
    /** It has not run for as long as the {@link ContainerSelection} asks for. */
    YOUNG,
    /** Never reported: the sandbox of a pod, or left out by the {@link ContainerSelection}. */
    HIDDEN
}
