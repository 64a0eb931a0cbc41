package io.nodetelemetry.model;

/**
 * A directory or file of the host that is seen inside a container.
 *
 * @param source its path on the host
 * @param destination its path inside the container
 */
public record ContainerMount(String source, String destination) {}
