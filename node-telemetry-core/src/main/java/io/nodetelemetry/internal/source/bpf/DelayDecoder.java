package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.TaskDelays;
import java.nio.ByteBuffer;

/** The structs of {@code delay_account.h}. Buffers are in native order at position 0. */
final class DelayDecoder {
    static final int ROW_SIZE = 32;
    static final int RUN_OFFSET = 0;
    static final int BLOCK_OFFSET = 8;
    static final int TASKS_OFFSET = 16;
    static final int SESSION_OFFSET = 24;
    static final int PASS_SIZE = 16;
    static final int PASS_SESSION_OFFSET = 0;
    static final int HAS_BLOCK_DELAYS_OFFSET = 8;

    private DelayDecoder() {}

    /** {@code struct delay_row} of {@code ended_tasks}. */
    static TaskDelays ended(ByteBuffer row) {
        return new TaskDelays(row.getLong(RUN_OFFSET), row.getLong(BLOCK_OFFSET), 0, row.getLong(TASKS_OFFSET));
    }

    /** {@code struct delay_row} of {@code living_tasks}. */
    static TaskDelays living(ByteBuffer row) {
        return new TaskDelays(row.getLong(RUN_OFFSET), row.getLong(BLOCK_OFFSET), row.getLong(TASKS_OFFSET), 0);
    }

    /** The run of the iterator that wrote the row. */
    static long session(ByteBuffer row) {
        return row.getLong(SESSION_OFFSET);
    }
}
