package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the per-CPU array {@code drops} of {@code drops.h}. */
final class DropCounters {
    private DropCounters() {}

    /** Sums over the CPUs, for the reasons that can occur in that object. */
    static Map<String, Long> read(BpfMap drops, int possibleCpus, DropReason... reasons) throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        byte[] value = new byte[possibleCpus * Long.BYTES];
        for (DropReason reason : reasons) {
            byte[] key = ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(reason.index())
                    .array();
            long sum = 0;
            if (drops.lookup(key, value)) {
                ByteBuffer perCpu = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
                while (perCpu.hasRemaining()) {
                    sum += perCpu.getLong();
                }
            }
            counts.put(reason.label(), sum);
        }
        return counts;
    }
}
