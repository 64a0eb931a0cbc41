package io.nodetelemetry.internal.source.logfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to files of the host by the paths that the host has for them. In a container the host's root directory is
 * somewhere else, and so is what an absolute symbolic link of the host leads to: below {@code /var/log/pods} are links to
 * Docker's logs on some nodes.
 *
 * @param roots where the host's root directory may be seen, best first; the first that may be entered counts
 */
public record HostFiles(List<Path> roots) {
    private static final Path ROOT = Path.of("/");
    /** As the kernel has it. */
    private static final int MAX_LINKS = 40;

    public HostFiles {
        roots = List.copyOf(roots);
    }

    /**
     * Where this process finds a file of the host, which need not exist.
     *
     * @param onHost absolute
     */
    public Path locate(Path onHost) {
        for (Path root : roots) {
            if (root.equals(ROOT)) {
                // The kernel follows links itself, also those that change later.
                return onHost;
            }
            if (Files.isExecutable(root) && Files.isDirectory(root)) {
                return below(root, onHost);
            }
        }
        return onHost;
    }

    /** Follows links as the kernel would if the directory were its root. */
    private static Path below(Path root, Path path) {
        Deque<Path> ahead = new ArrayDeque<>();
        prepend(ahead, path);
        Path at = ROOT;
        int links = 0;
        while (!ahead.isEmpty()) {
            Path next = at.resolve(ahead.pop()).normalize();
            Path target = links < MAX_LINKS ? link(inside(root, next)) : null;
            if (target == null) {
                at = next;
            } else {
                links++;
                prepend(ahead, target);
                at = target.isAbsolute() ? ROOT : at;
            }
        }
        return inside(root, at);
    }

    private static void prepend(Deque<Path> ahead, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            ahead.push(path.getName(i));
        }
    }

    private static Path inside(Path root, Path absolute) {
        return root.resolve(ROOT.relativize(absolute));
    }

    /** Where a link leads; null if there is none. */
    private static @Nullable Path link(Path path) {
        try {
            return Files.isSymbolicLink(path) ? Files.readSymbolicLink(path) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
