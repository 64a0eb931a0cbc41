package io.nodetelemetry.internal.collectors.logs;

import java.nio.file.Path;

/**
 * A log that Docker has just begun, of a container that may be gone before anybody knows its name.
 *
 * @param containerId 64 hexadecimal digits
 * @param file as this process can open it
 */
record NewDockerLog(String containerId, Path file) {}
