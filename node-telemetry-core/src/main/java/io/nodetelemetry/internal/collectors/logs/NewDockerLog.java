package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.HeldFiles;
import java.nio.file.Path;

/**
 * A log that Docker has just begun, of a container that may be gone before anybody knows its name.
 *
 * @param containerId 64 hexadecimal digits
 * @param file as this process can open it
 * @param held its files as they come, for who reads it; to be closed
 */
record NewDockerLog(String containerId, Path file, HeldFiles held) {}
