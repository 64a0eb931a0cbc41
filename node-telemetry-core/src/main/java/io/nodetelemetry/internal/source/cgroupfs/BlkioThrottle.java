package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import io.nodetelemetry.model.DeviceNumber;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One of the files {@code blkio.throttle.io_serviced} (operations) and {@code blkio.throttle.io_service_bytes} (bytes) of
 * cgroup v1, or of the same with {@code _recursive}, which add what the cgroups below did
 * (Documentation/admin-guide/cgroup-v1/blkio-controller.rst):
 *
 * <pre>
 * 254:0 Read 1748992
 * 254:0 Write 0
 * 254:0 Total 1748992
 * Total 1748992
 * </pre>
 *
 * @param devices those whose reads and writes are both there
 */
record BlkioThrottle(Map<DeviceNumber, Amounts> devices) {
    /** Reads and writes of one device, in the unit of the file. */
    record Amounts(long reads, long writes) {}

    static BlkioThrottle parse(KernelText text) {
        Map<DeviceNumber, Long> reads = new HashMap<>();
        Map<DeviceNumber, Long> writes = new HashMap<>();
        while (text.nextLine()) {
            if (text.nextWord() && text.endsBefore(':')) {
                Optional<DeviceNumber> device = DeviceWords.read(text);
                if (device.isPresent() && text.nextWord()) {
                    boolean isRead = text.is("Read");
                    boolean isWrite = text.is("Write");
                    OptionalLong amount = text.nextNumber();
                    if (amount.isPresent() && (isRead || isWrite)) {
                        (isRead ? reads : writes).put(device.get(), amount.getAsLong());
                    }
                }
            }
        }
        Map<DeviceNumber, Amounts> devices = new HashMap<>();
        reads.forEach((device, read) -> {
            Long written = writes.get(device);
            if (written != null) {
                devices.put(device, new Amounts(read, written));
            }
        });
        return new BlkioThrottle(devices);
    }

    /** This one's operations and the other's bytes, for the devices that are in both. */
    IoCounters with(BlkioThrottle bytes) {
        Map<DeviceNumber, IoCounters.Device> joined = new HashMap<>();
        devices.forEach((device, operations) -> {
            Amounts amount = bytes.devices.get(device);
            if (amount != null) {
                joined.put(
                        device,
                        new IoCounters.Device(
                                operations.reads(), amount.reads(), operations.writes(), amount.writes()));
            }
        });
        return new IoCounters(joined);
    }
}
