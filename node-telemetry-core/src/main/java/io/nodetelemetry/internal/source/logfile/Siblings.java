package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess.Reach;
import io.nodetelemetry.internal.ffm.FileStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The files beside a log to which it was rotated. */
final class Siblings {
    /** More rotated files than anybody keeps uncompressed. */
    private static final int MAX = 256;

    /** More names than a directory of logs has: a container may make a million, and each look at them takes its time. */
    private static final int MAX_LOOKED = 1 << 16;

    private Siblings() {}

    /** Those of a log that are there; none if its directory is not. In no order. */
    static List<Sibling> of(Place place, String path) throws ErrnoException {
        return of(place, path, GenerationName::of);
    }

    /** The same of those that are packed. */
    static List<Sibling> packed(Place place, String path) throws ErrnoException {
        return of(place, path, GenerationName::ofPacked);
    }

    private static List<Sibling> of(
            Place place, String path, BiFunction<String, String, Optional<GenerationName>> naming)
            throws ErrnoException {
        String log = Place.name(path);
        List<Sibling> siblings = new ArrayList<>();
        try (Fd directory = place.findAt(Place.parent(path))) {
            for (String name : place.bench.access.names(
                    directory, name -> naming.apply(name, log).isPresent(), MAX, MAX_LOOKED)) {
                Optional<GenerationName> generation = naming.apply(name, log);
                Optional<Place.Found> found = find(place, directory, name);
                if (found.isPresent()) {
                    try (Place.Found sibling = found.get()) {
                        if (place.mayBeLog(sibling)) {
                            siblings.add(new Sibling(name, generation.orElseThrow(), sibling.status()));
                        }
                    }
                }
            }
        } catch (ErrnoException e) {
            if (!place.isAbsence(e)) {
                throw e;
            }
        }
        return siblings;
    }

    /** Opens one, unless another file has its name by now. */
    static Optional<Fd> open(Place place, String path, Sibling sibling)
            throws ErrnoException, DescriptorLimitException {
        try (Fd directory = place.findAt(Place.parent(path))) {
            Optional<Place.Found> found = find(place, directory, sibling.name());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            try (Place.Found now = found.get()) {
                FileStatus status = now.status();
                return status.isSameFile(sibling.status()) && place.mayBeLog(now)
                        ? Optional.of(place.bench.open(now.fd()))
                        : Optional.empty();
            }
        }
    }

    private static Optional<Place.Found> find(Place place, Fd directory, String name) throws ErrnoException {
        try {
            return Optional.of(place.found(place.bench.access.find(directory, name, Reach.WITHOUT_LINKS)));
        } catch (ErrnoException e) {
            if (place.isAbsence(e) || e.errno() == Errno.ELOOP) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether two listings found the same. */
    static boolean areSame(List<Sibling> some, List<Sibling> others) {
        return some.size() == others.size()
                && some.stream().allMatch(sibling -> others.stream().anyMatch(sibling::isAsFound));
    }
}
