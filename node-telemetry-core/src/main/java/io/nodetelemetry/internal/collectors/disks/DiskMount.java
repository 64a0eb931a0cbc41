package io.nodetelemetry.internal.collectors.disks;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.internal.source.procfs.MountInfo.Mount;
import io.nodetelemetry.internal.source.statfs.FileSystemSize;
import io.nodetelemetry.internal.source.statfs.FileSystemSizes;
import io.nodetelemetry.internal.source.statfs.Measurement;
import io.nodetelemetry.internal.source.sysfs.BlockDevice;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.DeviceNumber;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A mount of a container and what is known of its size. For the agent's thread. */
final class DiskMount {
    private final Mount mount;
    private final VolumeName volume;
    private final Optional<BlockDevice> disk;
    private boolean written;
    private boolean measured;
    private boolean directory;
    private Optional<FileSystemSize> size = Optional.empty();
    private @Nullable Measurement question;
    private @Nullable Labels labels;

    DiskMount(MountChoice choice, Optional<BlockDevice> disk) {
        mount = choice.mount();
        volume = choice.volume();
        written = choice.written();
        this.disk = disk;
    }

    /** Whether this still stands for that choice. */
    boolean is(MountChoice choice, Optional<BlockDevice> itsDisk) {
        return mount.id() == choice.mount().id()
                && mount.device().equals(choice.mount().device())
                && mount.mountPoint().equals(choice.mount().mountPoint())
                && volume.equals(choice.volume())
                && disk.equals(itsDisk);
    }

    /** Once written to, it stays so. */
    void written(boolean now) {
        written |= now;
    }

    /** Asks for the size, unless the last question is still open. */
    void measure(FileSystemSizes sizes, String processRoot) {
        if (question != null && question.outcome() instanceof Measurement.Waiting) {
            return;
        }
        Measurement asked = new Measurement(mount.device(), processRoot + mount.mountPoint());
        question = sizes.submit(asked) ? asked : null;
    }

    /** Takes over what was answered meanwhile. */
    void update() {
        if (question == null) {
            return;
        }
        switch (question.outcome()) {
            case Measurement.Waiting _ -> {}
            case Measurement.Gone _ -> question = null;
            case Measurement.Answered(var reading) -> {
                measured = true;
                directory = reading.directory();
                size = reading.size();
            }
            case Measurement.Unanswered _ -> {
                measured = true;
                size = Optional.empty();
            }
        }
    }

    /** Whether the first answer is still to come, or came after the last {@link #update}. */
    boolean awaitsSize() {
        return !measured && question != null;
    }

    /**
     * Single files that runtimes mount, such as {@code /etc/hosts}, are no volumes; whether it is one is only known once
     * it was looked at.
     */
    boolean isShown() {
        return written || directory;
    }

    Optional<FileSystemSize> size() {
        return size;
    }

    /** By which the cgroup accounts for its I/O. */
    Optional<DeviceNumber> diskNumber() {
        return disk.map(BlockDevice::number);
    }

    /** The same object for as long as the container's name stays. */
    Labels labels(ContainerId container) {
        Labels known = labels;
        if (known == null || !known.get(0).equals(container.value())) {
            known = Labels.of(
                    container.value(),
                    disk.map(BlockDevice::name).orElse(""),
                    mount.mountPoint(),
                    volume.provisioner(),
                    volume.volume());
            labels = known;
        }
        return known;
    }
}
