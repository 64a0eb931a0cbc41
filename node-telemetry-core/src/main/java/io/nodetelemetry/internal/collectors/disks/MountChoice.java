package io.nodetelemetry.internal.collectors.disks;

import io.nodetelemetry.internal.source.procfs.MountInfo;
import io.nodetelemetry.internal.source.procfs.MountInfo.Mount;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.model.DeviceNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A mount of a container that may be shown.
 *
 * @param mount as the container sees it
 * @param volume what Kubernetes calls it
 * @param written whether something was written there; else the runtime lists it as a volume
 */
record MountChoice(Mount mount, VolumeName volume, boolean written) {
    /** Block devices hold these, but as they may be several, the kernel gives the file system a number of its own. */
    private static final Set<String> ON_SEVERAL_DISKS = Set.of("btrfs", "zfs");

    /** By what a mount is known while it lasts; ids alone are used again. */
    record Key(int id, DeviceNumber device) {
        static Key of(Mount mount) {
            return new Key(mount.id(), mount.device());
        }
    }

    /** Those on block devices that a path leads to and that are written to or are volumes. */
    static List<MountChoice> of(MountInfo info, Set<Key> written, List<ContainerMount> volumes) {
        List<MountChoice> choices = new ArrayList<>();
        for (Mount mount : info.visible()) {
            if (mount.device().major() == 0 && !ON_SEVERAL_DISKS.contains(mount.fsType())) {
                continue;
            }
            Optional<ContainerMount> volume = volumeAt(mount, volumes);
            boolean isWritten = written.contains(Key.of(mount));
            if (isWritten || volume.isPresent()) {
                choices.add(new MountChoice(mount, name(mount, volume), isWritten));
            }
        }
        return choices;
    }

    /**
     * By its place in the container; or, if an image has a link there and the kernel knows the place by another name, by
     * its source.
     */
    private static Optional<ContainerMount> volumeAt(Mount mount, List<ContainerMount> volumes) {
        for (ContainerMount volume : volumes) {
            if (withoutEndingSlash(volume.destination()).equals(mount.mountPoint())) {
                return Optional.of(volume);
            }
        }
        for (ContainerMount volume : volumes) {
            if (volume.source().length() > 1
                    && withoutEndingSlash(volume.source()).equals(mount.root())) {
                return Optional.of(volume);
            }
        }
        return Optional.empty();
    }

    private static String withoutEndingSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The runtime knows the path on the host; a mount of a whole file system does not tell it. */
    private static VolumeName name(Mount mount, Optional<ContainerMount> volume) {
        VolumeName byRuntime =
                volume.map(listed -> VolumeName.of(listed.source())).orElse(VolumeName.NONE);
        return byRuntime.equals(VolumeName.NONE) ? VolumeName.of(mount.root()) : byRuntime;
    }
}
