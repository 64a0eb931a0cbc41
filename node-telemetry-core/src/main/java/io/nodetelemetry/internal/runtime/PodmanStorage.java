package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerLogFile;
import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that Podman keeps of root's containers, which need no service to run: their list and, per container, what
 * its low-level runtime was told. Where they are says {@code graphroot} in {@code storage.conf}
 * (containers-storage.conf(5)); the list lies in one directory per storage driver, such as {@code overlay-containers}.
 * For one thread.
 */
final class PodmanStorage {
    private static final String DEFAULT_GRAPHROOT = "/var/lib/containers/storage";
    /** The first that exists counts. */
    private static final List<String> SETTINGS =
            List.of("etc/containers/storage.conf", "usr/share/containers/storage.conf");

    private static final Pattern GRAPHROOT = Pattern.compile("(?m)^[ \t]*graphroot[ \t]*=[ \t]*[\"']([^\"'\n]+)[\"']");
    /** The second is of containers that were started with {@code --rm}, in newer versions. */
    private static final List<String> LISTS = List.of("containers.json", "volatile-containers.json");

    /** Unless the user gave another path, which stands in no file that is easily read. */
    private static final String LOG = "userdata/ctr.log";

    private static final int MAX_LIST = 16 << 20;
    private static final int MAX_SPEC = 4 << 20;

    /** hosts, resolv.conf and the like, which the engine puts into every container. */
    private static final Pattern OF_THE_ENGINE =
            Pattern.compile(".*-containers/[0-9a-f]{64}/userdata/.*", Pattern.DOTALL);

    private final List<Path> roots;
    private final Map<Path, Listed> lists = new HashMap<>();

    private record Listed(
            FileTime modified, long size, @Nullable Object file, Map<String, PodmanRecords.Entry> byId) {}

    /**
     * Reads nothing yet.
     *
     * @param roots where the host's root directory is seen; the first with a storage counts
     */
    PodmanStorage(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /** Where the containers are; empty if there is no such storage here. */
    Optional<Path> directory() throws IOException {
        for (Path root : roots) {
            Path directory = root.resolve(graphroot(root).replaceFirst("^/+", ""));
            if (Files.isDirectory(directory)) {
                return Optional.of(directory);
            }
        }
        return Optional.empty();
    }

    private static String graphroot(Path root) throws IOException {
        for (String settings : SETTINGS) {
            Path file = root.resolve(settings);
            if (Files.isRegularFile(file)) {
                Matcher matcher = GRAPHROOT.matcher(new String(read(file, MAX_SPEC), StandardCharsets.UTF_8));
                return matcher.find() ? matcher.group(1) : DEFAULT_GRAPHROOT;
            }
        }
        return DEFAULT_GRAPHROOT;
    }

    /**
     * Looks for a container.
     *
     * @param id 64 hexadecimal digits
     * @return empty if it is not in the list
     * @throws IOException if a list cannot be read
     */
    Optional<ContainerMetadata> find(Path directory, String id) throws IOException {
        Set<Path> seen = new HashSet<>();
        Optional<ContainerMetadata> found = Optional.empty();
        try (DirectoryStream<Path> drivers = Files.newDirectoryStream(directory, "*-containers")) {
            for (Path driver : drivers) {
                for (String name : LISTS) {
                    Path list = driver.resolve(name);
                    PodmanRecords.Entry entry = list(list).get(id);
                    seen.add(list);
                    if (entry != null && found.isEmpty()) {
                        found = Optional.of(metadata(entry, driver.resolve(id)));
                    }
                }
            }
        }
        lists.keySet().retainAll(seen);
        return found;
    }

    /** Parsed anew when it was changed: it is replaced as a whole. */
    private Map<String, PodmanRecords.Entry> list(Path file) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Listed last = lists.get(file);
            if (last != null
                    && last.modified().equals(now.lastModifiedTime())
                    && last.size() == now.size()
                    && Objects.equals(last.file(), now.fileKey())) {
                return last.byId();
            }
            Map<String, PodmanRecords.Entry> byId = PodmanRecords.parse(read(file, MAX_LIST));
            lists.put(file, new Listed(now.lastModifiedTime(), now.size(), now.fileKey(), byId));
            return byId;
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private ContainerMetadata metadata(PodmanRecords.Entry entry, Path container) throws IOException {
        ContainerMetadata named = ContainerMetadata.EMPTY.withName(entry.name()).withImage(entry.image());
        ContainerMetadata dated = entry.createdAt().map(named::withCreatedAt).orElse(named);
        ContainerMetadata metadata =
                logFile(container.resolve(LOG)).map(dated::withLogFile).orElse(dated);
        OciSpec spec;
        try {
            spec = OciSpec.parse(read(container.resolve("userdata/config.json"), MAX_SPEC));
        } catch (NoSuchFileException e) {
            // Written when the container is started, removed with it.
            return metadata;
        }
        return metadata.withEnvironment(spec.environment())
                .withMounts(
                        spec.mounts().stream().filter(PodmanStorage::isUsers).toList());
    }

    /** The monitor makes it before the container's first process; other drivers do not. */
    private Optional<ContainerLogFile> logFile(Path file) {
        return Files.isRegularFile(file)
                ? LogPath.of(onHost(file).toString(), ContainerLogFile.Format.CRI)
                : Optional.empty();
    }

    /** The path that the file has below the host's root directory. */
    private Path onHost(Path file) {
        return roots.stream()
                .filter(file::startsWith)
                .findFirst()
                .map(root -> Path.of("/").resolve(root.relativize(file)))
                .orElse(file);
    }

    private static boolean isUsers(ContainerMount mount) {
        return !OF_THE_ENGINE.matcher(mount.source()).matches();
    }

    private static byte[] read(Path file, int limit) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new IOException("larger than " + limit + " bytes");
            }
            return bytes;
        }
    }
}
