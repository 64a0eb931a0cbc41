package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.OpenFileLook.Identity;

/**
 * A process has a log open.
 *
 * @param file how
 * @param identity which file it is: other processes may have it open under another path
 * @param at where reading it begins
 */
record SeenLog(OpenLogFile file, Identity identity, Beginning at) {}
