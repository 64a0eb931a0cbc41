package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system on a disk of the test's own that stops to answer statfs(2) on demand: {@code hangingfs.c}. Nothing ends a
 * call that waits for it but its answer or its end. Needs root, the kernel's loop driver and FUSE.
 */
public final class HangingDisk implements AutoCloseable {
    private static final long SIZE_BYTES = 16L << 20;

    private final Path mountPoint;
    private final String node;
    private final Process server;

    private HangingDisk(Path mountPoint, String node, Process server) {
        this.mountPoint = mountPoint;
        this.node = node;
        this.server = server;
    }

    /** A file system that answers, mounted in the folder; it holds one file that can be written to, {@code file}. */
    public static HangingDisk mount(Path folder) {
        try {
            Path image = folder.resolve("hanging.img");
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(SIZE_BYTES);
            }
            Path mountPoint = Files.createDirectory(folder.resolve("hanging"));
            String node = run("losetup", "--find", "--show", image.toString());
            Process server = new ProcessBuilder(
                            LoadDriver.folder().resolve("hangingfs").toString(), node, mountPoint.toString())
                    .redirectErrorStream(true)
                    .start();
            // It ends with this JVM, however that ends: what waits for it would wait for ever.
            HangingDisk disk = new HangingDisk(mountPoint, node, server);
            String line = server.inputReader().readLine();
            if (!"ready".equals(line)) {
                disk.close();
                throw new AssertionError("hangingfs did not mount: " + line);
            }
            return disk;
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

    /** The disk's name in sysfs, such as {@code loop1}. */
    public String device() {
        return node.substring("/dev/".length());
    }

    /** Lets every statfs(2) from now on wait. */
    public void hang() {
        run("kill", "-USR1", Long.toString(server.pid()));
    }

    /** Answers those that wait, and all that follow. */
    public void answer() {
        run("kill", "-USR2", Long.toString(server.pid()));
    }

    @Override
    public void close() {
        try {
            server.destroyForcibly();
            server.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Not mounted if it never was; then only the disk has to go.
        Command.run(List.of("umount", "--lazy", mountPoint.toString()));
        run("losetup", "--detach", node);
    }
}
