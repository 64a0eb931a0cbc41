package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.internal.state.ContainerKey;

/**
 * A file below {@code /var/log/} to which a container or service writes a log.
 *
 * @param container which counts its lines: the one that began first, of several that have the file open
 * @param where as the container calls it. A file that is renamed while it is open keeps the path that it was first seen at
 * @param at where reading begins: with the whole file if it was made after the agent's start
 */
record WrittenLog(ContainerKey container, LogFileLocation.InContainer where, Beginning at) {}
