package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Shows the files of a directory as a network file system would, and fails to read them on demand: {@code faultyfs.c}. Needs
 * root and FUSE.
 */
public final class FaultyDisk implements AutoCloseable {
    private final Path mountPoint;
    private final Process server;

    private FaultyDisk(Path mountPoint, Process server) {
        this.mountPoint = mountPoint;
        this.server = server;
    }

    /** Mounts it; its files are those in the directory. */
    public static FaultyDisk mount(Path directory, Path mountPoint) {
        try {
            Files.createDirectories(mountPoint);
            Process server = new ProcessBuilder(
                            LoadDriver.folder().resolve("faultyfs").toString(),
                            directory.toString(),
                            mountPoint.toString())
                    .redirectErrorStream(true)
                    .start();
            // It ends with this JVM, however that ends: what waits for it would wait for ever.
            FaultyDisk disk = new FaultyDisk(mountPoint, server);
            String line = server.inputReader().readLine();
            if (!"ready".equals(line)) {
                disk.close();
                throw new AssertionError("faultyfs did not mount: " + line);
            }
            return disk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where its files are seen. */
    public Path mountPoint() {
        return mountPoint;
    }

    /** From now on reading fails with {@code EIO}, of files that were looked up by now. */
    public void fail() {
        tell("f");
    }

    /** From now on no file can be opened, as it fails with {@code EIO}. */
    public void failToOpen() {
        tell("o");
    }

    /** From now on all files can be opened and read. */
    public void work() {
        tell("w");
    }

    private void tell(String command) {
        try {
            server.outputWriter().write(command);
            server.outputWriter().flush();
            String answer = server.inputReader().readLine();
            if (!"ok".equals(answer)) {
                throw new AssertionError("faultyfs answered: " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.destroyForcibly();
            server.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Command.run(List.of("umount", "--lazy", mountPoint.toString()));
    }
}
