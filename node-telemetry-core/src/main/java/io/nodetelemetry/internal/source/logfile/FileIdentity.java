package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.FileStatus;
import java.util.OptionalLong;

/**
 * Tells a file from others, also from one that gets its inode once it is gone, where the file system keeps when a file was
 * made.
 *
 * @param bornNanos since the epoch; empty where the file system does not keep it
 */
record FileIdentity(long device, long inode, OptionalLong bornNanos) {
    static FileIdentity of(FileStatus status) {
        return new FileIdentity(status.device(), status.inode(), status.bornNanos());
    }
}
