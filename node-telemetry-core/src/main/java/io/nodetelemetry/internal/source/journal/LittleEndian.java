package io.nodetelemetry.internal.source.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Integers of the journal, which are little-endian on every machine. */
final class LittleEndian {
    private static final VarHandle INT64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    /** {@code le64_t}; beyond 2⁶³ it is negative. */
    static long int64(byte[] bytes, int at) {
        return (long) INT64.get(bytes, at);
    }

    /** {@code le32_t}, as it is without a sign. */
    static long uint32(byte[] bytes, int at) {
        return (int) INT32.get(bytes, at) & 0xffff_ffffL;
    }
}
