package io.nodetelemetry.internal.ffm;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A file of a virtual file system that a {@link KernelFileReader} reads again and again. The parts of its path are kept
 * as bytes, since a file name has no encoding, and shared with the files beside it.
 */
public final class KernelFile {
    static final int NOT_OPEN = -1;

    final byte[] directory;
    final byte[] name;
    int fd = NOT_OPEN;

    /**
     * Opens nothing.
     *
     * @param directory absolute, without the slash at its end
     * @param name the file's name in it
     */
    public KernelFile(byte[] directory, byte[] name) {
        this.directory = directory;
        this.name = name;
    }

    @Override
    public String toString() {
        return new String(directory, UTF_8) + '/' + new String(name, UTF_8);
    }
}
