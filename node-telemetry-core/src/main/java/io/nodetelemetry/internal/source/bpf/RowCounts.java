package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfMap;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;

/**
 * How many rows each cgroup has among the destinations: {@code rows_made}, which the program counts up, less
 * {@code rows_freed}, which is counted up here. For one thread.
 */
final class RowCounts {
    private final BpfMap made;
    private final BpfMap freed;

    RowCounts(BpfMap made, BpfMap freed) {
        this.made = made;
        this.freed = freed;
    }

    /** A row of that cgroup was removed, so it may have another one. */
    void free(CgroupRef cgroup) throws IOException {
        byte[] key = TcpDecoder.encode(cgroup);
        byte[] value = new byte[Long.BYTES];
        if (!made.lookup(key, value)) {
            return;
        }
        long rowsMade = TcpDecoder.wrap(value).getLong(0);
        long rowsFreed = (freed.lookup(key, value) ? TcpDecoder.wrap(value).getLong(0) : 0) + 1;
        if (rowsFreed < rowsMade) {
            freed.update(key, TcpDecoder.wrap(value).putLong(0, rowsFreed).array(), 0);
        } else {
            // The last one. A row that is made right now is not counted: the cgroup may then have one too many.
            made.delete(key);
            freed.delete(key);
        }
    }
}
