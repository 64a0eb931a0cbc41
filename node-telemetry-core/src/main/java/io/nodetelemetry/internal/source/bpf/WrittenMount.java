package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.DeviceNumber;
import java.nio.ByteBuffer;

/**
 * A mount on which a process of a cgroup has a file open for writing.
 *
 * @param cgroup the cgroup that names the process, as for events
 * @param mountId first column of {@code mountinfo}
 * @param device of the file system, as in {@code mountinfo}
 */
public record WrittenMount(CgroupRef cgroup, int mountId, DeviceNumber device) {
    static final int SIZE = 24;
    static final int MOUNT_ID_OFFSET = 16;
    static final int DEVICE_OFFSET = 20;

    /** Bits of the minor in the kernel's own {@code dev_t} (include/linux/kdev_t.h). */
    private static final int MINOR_BITS = 20;

    /** {@code struct written_mount} of {@code disks.bpf.c}, in native order at position 0. */
    static WrittenMount decode(ByteBuffer key) {
        int device = key.getInt(DEVICE_OFFSET);
        return new WrittenMount(
                TcpDecoder.cgroup(key),
                key.getInt(MOUNT_ID_OFFSET),
                new DeviceNumber(device >>> MINOR_BITS, device & ((1 << MINOR_BITS) - 1)));
    }
}
