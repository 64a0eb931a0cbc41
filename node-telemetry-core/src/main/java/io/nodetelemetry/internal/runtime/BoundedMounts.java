package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerMount;
import java.util.ArrayList;
import java.util.List;

/** What of the host is mounted in a container, as far as it is worth keeping. */
final class BoundedMounts {
    private static final int MAX_MOUNTS = 256;
    /** The kernel's PATH_MAX. */
    private static final int MAX_PATH = 4_096;

    private final List<ContainerMount> mounts = new ArrayList<>();

    /** Keeps a mount if its source is a path: that of proc, tmpfs and the like is a word, or empty. */
    void add(String source, String destination) {
        if (source.startsWith("/")
                && source.length() <= MAX_PATH
                && destination.length() <= MAX_PATH
                && mounts.size() < MAX_MOUNTS) {
            mounts.add(new ContainerMount(source, destination));
        }
    }

    List<ContainerMount> asList() {
        return mounts;
    }
}
