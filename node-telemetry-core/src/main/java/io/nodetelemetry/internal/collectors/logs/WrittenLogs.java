package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.internal.source.logfile.OpenFileLook.Identity;
import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.internal.state.ContainerRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which container each log belongs to. A file counts once, whoever has it open, and a container has one log of a path. For
 * the agent's thread.
 */
final class WrittenLogs {
    private static final Comparator<Container> FIRST = Comparator.comparing(Container::startedAt)
            .thenComparing(container -> container.key().runtime())
            .thenComparing(container -> container.key().id());
    private static final Comparator<SeenLog> LOWEST = Comparator.<SeenLog>comparingInt(
                    log -> log.file().pid())
            .thenComparingInt(log -> log.file().fd());

    private final ContainerRegistry registry;
    private final Path procRoot;
    /** Of the files that are open. */
    private Map<Identity, WrittenLog> known = new HashMap<>();

    private List<SeenLog> lastSeen = List.of();
    private List<WrittenLog> last = List.of();
    private boolean complete = true;

    private record Owned(Container container, SeenLog log) {}

    private record Place(ContainerKey container, String path) {}

    WrittenLogs(ContainerRegistry registry, Path procRoot) {
        this.registry = registry;
        this.procRoot = procRoot;
    }

    /** Those of containers that are known; the same list as long as nothing changes. */
    List<WrittenLog> of(List<SeenLog> seen) {
        if (seen.equals(lastSeen) && complete) {
            return last;
        }
        lastSeen = seen;
        complete = true;
        Map<Identity, WrittenLog> now = new HashMap<>();
        Map<Place, WrittenLog> places = new LinkedHashMap<>();
        owned(seen).forEach((identity, owned) -> {
            WrittenLog log = log(owned, known.get(identity));
            now.put(identity, log);
            Place place = new Place(log.container(), log.where().path());
            boolean isThere = owned.log().file().path().equals(place.path());
            // The other one bears the name no more: it was renamed, and is read to its end as the older part of the
            // log.
            places.merge(place, log, (before, other) -> isThere ? other : before);
        });
        known = now;
        List<WrittenLog> found = new ArrayList<>(places.values());
        last = found.equals(last) ? last : List.copyOf(found);
        return last;
    }

    private Map<Identity, Owned> owned(List<SeenLog> seen) {
        Map<Identity, Owned> owned = new LinkedHashMap<>();
        for (SeenLog log : seen) {
            Optional<Container> container = registry.containerOf(log.file().cgroup());
            if (container.isPresent()) {
                Owned other = new Owned(container.get(), log);
                owned.merge(log.identity(), other, this::preferred);
            } else {
                complete &= registry.isKnown(log.file().cgroup());
            }
        }
        return owned;
    }

    /** Whoever counts a file goes on to, as long as it has it open. */
    private Owned preferred(Owned one, Owned other) {
        WrittenLog before = known.get(one.log().identity());
        if (!one.container().equals(other.container())) {
            if (before != null && before.container().equals(one.container().key())) {
                return one;
            }
            if (before != null && before.container().equals(other.container().key())) {
                return other;
            }
            return FIRST.compare(one.container(), other.container()) <= 0 ? one : other;
        }
        if (before != null && (isOpenedAs(one, before) || isOpenedAs(other, before))) {
            return isOpenedAs(one, before) ? one : other;
        }
        return LOWEST.compare(one.log(), other.log()) <= 0 ? one : other;
    }

    private static boolean isOpenedAs(Owned owned, WrittenLog log) {
        return owned.log().file().pid() == log.where().pid()
                && owned.log().file().fd() == log.where().fd();
    }

    private WrittenLog log(Owned owned, @Nullable WrittenLog before) {
        ContainerKey container = owned.container().key();
        OpenLogFile file = owned.log().file();
        if (before != null && before.container().equals(container)) {
            return new WrittenLog(container, opened(file, before.where().path()), before.at());
        }
        return new WrittenLog(container, opened(file, file.path()), owned.log().at());
    }

    private LogFileLocation.InContainer opened(OpenLogFile file, String path) {
        return new LogFileLocation.InContainer(procRoot, file.pid(), file.fd(), path);
    }
}
