package io.nodetelemetry.internal.collectors.disks;

import io.nodetelemetry.internal.source.procfs.MountInfo;
import io.nodetelemetry.internal.source.procfs.MountInfo.Mount;
import io.nodetelemetry.internal.source.procfs.MountView;
import io.nodetelemetry.internal.source.procfs.OpenFiles;
import io.nodetelemetry.internal.source.statfs.FileSystemSizes;
import io.nodetelemetry.internal.source.sysfs.BlockDevice;
import io.nodetelemetry.internal.source.sysfs.BlockDevices;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import io.nodetelemetry.model.DeviceNumber;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the mounts of a container through one of its processes, and asks for their sizes. For the agent's thread. */
final class MountLook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MountLook.class);

    /** Those that just ended leave the list soon; a container is not asked for longer than this. */
    private static final int MAX_PROCESSES = 16;
    /** Of one process, for which there is no faster way. */
    private static final int MAX_FILES = 256;

    private final Path procRoot;
    private final BlockDevices devices;
    private final FileSystemSizes sizes;
    private final DisksCollector.Config config;
    private final Map<MountView, MountInfo> views = new HashMap<>();
    private final Map<DeviceNumber, Optional<BlockDevice>> disks = new HashMap<>();
    private long droppedOfContainer;
    private long droppedOfAll;

    MountLook(Path procRoot, Path sysRoot, DisksCollector.Config config, FileSystemSizes sizes) {
        this.procRoot = procRoot;
        this.config = config;
        devices = new BlockDevices(sysRoot);
        this.sizes = sizes;
    }

    /** A turn begins: what was read in the last one may have changed. */
    void begin() {
        views.clear();
        disks.clear();
        sizes.check();
    }

    /**
     * Brings the mounts of a container up to date.
     *
     * @param processes of the container; one of them is enough if it still runs
     * @param lookAtFiles whether nobody else finds out what is written to
     * @param room for mounts
     */
    void look(Container container, ContainerDisks known, List<Integer> processes, boolean lookAtFiles, int room) {
        for (int pid : processes.subList(0, Math.min(MAX_PROCESSES, processes.size()))) {
            Optional<MountInfo> info = mounts(pid);
            if (info.isPresent()) {
                List<Mount> mounts = info.get().mounts();
                known.keepWritten(mounts);
                if (lookAtFiles) {
                    addWritten(known, processes, mounts);
                }
                choose(container, known, info.get(), room);
                String processRoot = procRoot + "/" + pid + "/root";
                known.mounts().forEach(mount -> mount.measure(sizes, processRoot));
                return;
            }
        }
    }

    private Optional<MountInfo> mounts(int pid) {
        Optional<MountView> view = MountView.of(procRoot, pid);
        if (view.isEmpty()) {
            return Optional.empty();
        }
        MountInfo known = views.get(view.get());
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Optional<MountInfo> read = MountInfo.read(procRoot, pid);
            read.ifPresent(info -> views.put(view.get(), info));
            return read;
        } catch (IOException e) {
            LOG.debug("mounts of process {} could not be read", pid, e);
            return Optional.empty();
        }
    }

    private void addWritten(ContainerDisks known, List<Integer> processes, List<Mount> mounts) {
        Set<Integer> ids = new HashSet<>();
        for (int pid : processes.subList(0, Math.min(MAX_PROCESSES, processes.size()))) {
            ids.addAll(OpenFiles.writtenMounts(procRoot, pid, MAX_FILES));
        }
        for (Mount mount : mounts) {
            if (ids.contains(mount.id())) {
                known.written().add(MountChoice.Key.of(mount));
            }
        }
    }

    private void choose(Container container, ContainerDisks known, MountInfo info, int room) {
        List<ContainerMount> volumes =
                container.metadata().map(ContainerMetadata::mounts).orElse(List.of());
        List<MountChoice> choices = MountChoice.of(info, known.written(), volumes);
        if (choices.size() > config.mountsPerContainer()) {
            droppedOfContainer += choices.size() - config.mountsPerContainer();
            choices = choices.subList(0, config.mountsPerContainer());
        }
        if (choices.size() > room) {
            droppedOfAll += choices.size() - Math.max(0, room);
            choices = choices.subList(0, Math.max(0, room));
        }
        known.replace(choices, this::disk);
    }

    private Optional<BlockDevice> disk(Mount mount) {
        return mount.device().major() == 0
                ? devices.wholeDisk(mount.source())
                : disks.computeIfAbsent(mount.device(), devices::wholeDisk);
    }

    /** What did not fit, counted at each look, and what did not answer. */
    Map<String, Long> drops() {
        Map<String, Long> drops = new HashMap<>(sizes.drops());
        drops.put("mounts_of_container", droppedOfContainer);
        drops.put("mounts", droppedOfAll);
        return drops;
    }

    @Override
    public void close() {
        sizes.close();
    }
}
