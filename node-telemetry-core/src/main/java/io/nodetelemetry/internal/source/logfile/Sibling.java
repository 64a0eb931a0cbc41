package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.FileStatus;

/** A file to which a log was rotated, as it was found. */
record Sibling(String name, GenerationName generation, FileStatus status) {
    /** Whether both were found to be the same file under the same name. */
    boolean isAsFound(Sibling other) {
        return name.equals(other.name) && status.isSameFile(other.status);
    }
}
