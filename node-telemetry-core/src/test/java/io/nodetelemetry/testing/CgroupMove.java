package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Moves all processes of a cgroup to another path, in every hierarchy that has it. */
final class CgroupMove {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private CgroupMove() {}

    static void move(String from, String to) {
        try (Stream<Path> entries = Files.list(ROOT)) {
            List<Path> hierarchies = Stream.concat(Stream.of(ROOT), entries)
                    .filter(each -> Files.exists(each.resolve(from.substring(1)).resolve("cgroup.procs")))
                    .toList();
            if (hierarchies.isEmpty()) {
                throw new IllegalArgumentException("no hierarchy has " + from);
            }
            for (Path hierarchy : hierarchies) {
                Path target = make(hierarchy, to).resolve("cgroup.procs");
                for (String pid :
                        Files.readAllLines(hierarchy.resolve(from.substring(1)).resolve("cgroup.procs"))) {
                    Files.writeString(target, pid);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path make(Path hierarchy, String path) throws IOException {
        Path made = hierarchy;
        for (Path level : Path.of(path.substring(1))) {
            Path parent = made;
            made = made.resolve(level);
            if (!Files.isDirectory(made)) {
                Files.createDirectory(made);
            }
            // cpuset of v1 begins empty at each level, and takes no process before it has both.
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                if (hierarchy.endsWith("cpuset")
                        && Files.readString(made.resolve(file)).isBlank()) {
                    Files.writeString(made.resolve(file), Files.readString(parent.resolve(file)));
                }
            }
        }
        return made;
    }
}
