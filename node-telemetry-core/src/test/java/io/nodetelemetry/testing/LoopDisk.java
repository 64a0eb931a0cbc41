package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk of the test's own: an image file behind a loop device, with an ext4 file system that is mounted. Needs root and
 * the kernel's loop driver.
 */
public final class LoopDisk implements AutoCloseable {
    private static final long SIZE_BYTES = 64L << 20;
    private static final int SECTOR_BYTES = 512;
    private static final long PARTITION_START_SECTORS = 2_048;

    private final Path mountPoint;
    private final String device;
    private final String node;
    private final boolean partitioned;

    private LoopDisk(Path mountPoint, String device, String node, boolean partitioned) {
        this.mountPoint = mountPoint;
        this.device = device;
        this.node = node;
        this.partitioned = partitioned;
    }

    /** A disk whose file system takes all of it. */
    public static LoopDisk whole(Path folder) {
        return create(folder, false);
    }

    /**
     * A disk whose file system is on its first partition. The partition is made by an ioctl: not every kernel reads the
     * partition tables of this world.
     */
    public static LoopDisk partitioned(Path folder) {
        return create(folder, true);
    }

    private static LoopDisk create(Path folder, boolean partitioned) {
        try {
            Path image = folder.resolve("disk.img");
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(SIZE_BYTES);
            }
            String node = run("losetup", "--find", "--show", "--partscan", image.toString());
            String fileSystem = node;
            if (partitioned) {
                long sectors = SIZE_BYTES / SECTOR_BYTES - PARTITION_START_SECTORS;
                run("addpart", node, "1", Long.toString(PARTITION_START_SECTORS), Long.toString(sectors));
                fileSystem = node + "p1";
            }
            run("mkfs.ext4", "-q", fileSystem);
            Path mountPoint = Files.createDirectory(folder.resolve("disk"));
            run("mount", fileSystem, mountPoint.toString());
            return new LoopDisk(mountPoint, Path.of(node).getFileName().toString(), node, partitioned);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String... command) {
        return Command.run(List.of(command)).succeeded().out().strip();
    }

    /** Where it is mounted. */
    public Path mountPoint() {
        return mountPoint;
    }

    /** The whole disk's name in sysfs, such as {@code loop0}. */
    public String device() {
        return device;
    }

    /** The whole disk's number, such as {@code 7:0}. */
    public String deviceNumber() {
        try {
            return Files.readString(Path.of("/sys/block", device, "dev")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        run("umount", mountPoint.toString());
        if (partitioned) {
            run("delpart", node, "1");
        }
        run("losetup", "--detach", node);
    }
}
