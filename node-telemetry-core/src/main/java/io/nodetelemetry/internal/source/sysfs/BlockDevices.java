package io.nodetelemetry.internal.source.sysfs;

import io.nodetelemetry.model.DeviceNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Leads from a device to the whole disk that it is or is a partition of (Documentation/admin-guide/sysfs-rules.rst,
 * Documentation/ABI/stable/sysfs-block).
 *
 * <pre>
 * dev/block/8:3 -> ../../devices/…/block/sda/sda3     a directory with a file "partition": the disk is one above
 * dev/block/253:0 -> ../../devices/virtual/block/dm-0  a disk of its own, whatever it is made of
 * </pre>
 *
 * <p>Keeps nothing: some system calls per question. Reads memory of the kernel and never waits for a disk.
 */
public final class BlockDevices {
    private static final String DEVICE_FOLDER = "/dev/";
    private static final String MAPPER_FOLDER = "mapper/";

    private final Path sysRoot;

    /** Devices of the sysfs at that place, usually {@code /sys}. */
    public BlockDevices(Path sysRoot) {
        this.sysRoot = sysRoot;
    }

    /** The disk by the number of the device; empty if there is none of that number. */
    public Optional<BlockDevice> wholeDisk(DeviceNumber device) {
        return device.major() == 0 ? Optional.empty() : disk(sysRoot.resolve("dev/block/" + device));
    }

    /**
     * The disk by the path of the device, as file systems on several devices name one of them in {@code mountinfo}.
     *
     * @param path such as {@code /dev/sda3} or {@code /dev/mapper/vg-home}; anything else has no disk
     */
    public Optional<BlockDevice> wholeDisk(String path) {
        if (!path.startsWith(DEVICE_FOLDER)) {
            return Optional.empty();
        }
        String name = path.substring(DEVICE_FOLDER.length());
        try {
            return name.startsWith(MAPPER_FOLDER)
                    ? mapped(name.substring(MAPPER_FOLDER.length()))
                    : named(name.replace('/', '!'));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** sysfs has no slashes in names: {@code cciss!c0d0}. */
    private Optional<BlockDevice> named(String name) {
        return name.isEmpty() || name.startsWith(".")
                ? Optional.empty()
                : disk(sysRoot.resolve("class/block").resolve(name));
    }

    private Optional<BlockDevice> mapped(String name) {
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(sysRoot.resolve("class/block"), "dm-*")) {
            for (Path device : devices) {
                if (line(device.resolve("dm/name")).equals(Optional.of(name))) {
                    return disk(device);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<BlockDevice> disk(Path link) {
        try {
            Path device = link.toRealPath();
            Path disk = Files.exists(device.resolve("partition"))
                    ? device.resolve("..").normalize()
                    : device;
            return line(disk.resolve("dev"))
                    .flatMap(DeviceNumber::parse)
                    .map(number -> new BlockDevice(disk.getFileName().toString().replace('!', '/'), number));
        } catch (IOException e) {
            // Unplugged meanwhile, or never there.
            return Optional.empty();
        }
    }

    private static Optional<String> line(Path file) {
        try {
            return Optional.of(
                    Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
