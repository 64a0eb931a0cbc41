package io.nodetelemetry.internal.source.bpf;

import java.io.IOException;
import java.util.List;

/** Tells which mounts are written to; {@link DiskProbe} but for tests. For one thread. */
public interface WrittenMounts extends BpfProbe {
    /** Those on which a regular file that has a name is open for writing now, if a block device holds the file system. */
    List<WrittenMount> find() throws IOException;
}
