package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import io.nodetelemetry.model.DeviceNumber;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * I/O of a v2 cgroup and all below it: {@code io.stat} (Documentation/admin-guide/cgroup-v2.rst).
 *
 * <pre>
 * 7:0
 * 254:0 rbytes=1748992 wbytes=0 rios=20 wios=0 dbytes=0 dios=0
 * </pre>
 *
 * A device without traffic has no counters, and some kernels end no line after it, so that several devices stand before
 * the counters of the last. Policies add keys of their own, such as {@code cost.usage}.
 */
final class IoStat {
    private IoStat() {}

    /** The devices that have all four counters. */
    static IoCounters parse(KernelText text) {
        Map<DeviceNumber, IoCounters.Device> devices = new HashMap<>();
        while (text.nextLine()) {
            Row row = new Row();
            while (text.nextWord()) {
                row.word(text);
            }
            row.device.ifPresent(device -> row.counters().ifPresent(counters -> devices.put(device, counters)));
        }
        return new IoCounters(devices);
    }

    private static final class Row {
        private Optional<DeviceNumber> device = Optional.empty();
        private OptionalLong reads = OptionalLong.empty();
        private OptionalLong readBytes = OptionalLong.empty();
        private OptionalLong writes = OptionalLong.empty();
        private OptionalLong writtenBytes = OptionalLong.empty();

        void word(KernelText text) {
            if (text.endsBefore(':')) {
                device = DeviceWords.read(text);
            } else if (text.is("rbytes")) {
                readBytes = text.nextNumber();
            } else if (text.is("wbytes")) {
                writtenBytes = text.nextNumber();
            } else if (text.is("rios")) {
                reads = text.nextNumber();
            } else if (text.is("wios")) {
                writes = text.nextNumber();
            }
        }

        Optional<IoCounters.Device> counters() {
            return reads.isPresent() && readBytes.isPresent() && writes.isPresent() && writtenBytes.isPresent()
                    ? Optional.of(new IoCounters.Device(
                            reads.getAsLong(), readBytes.getAsLong(), writes.getAsLong(), writtenBytes.getAsLong()))
                    : Optional.empty();
        }
    }
}
