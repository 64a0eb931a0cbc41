package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which beginnings of containers are restarts: those after which something runs under a name of which all had ended. It
 * may be the same container that runs again, or another of its name.
 *
 * <p>Beginnings and ends are put in order by a count of them rather than by a clock, so that several within an instant
 * are told apart. A name may be learned after the fact: {@link #named} then says what had been a restart.
 */
final class Beginnings {
    private final Bearers bearers;
    private long moment;

    Beginnings(Bearers bearers) {
        this.bearers = bearers;
    }

    /** Something runs in the container where nothing did; returns the containers, itself or none, that this restarted. */
    List<Container> began(Container container) {
        Lifespan life = container.life();
        boolean again = life.begin(++moment);
        if (!again) {
            return named(container);
        }
        ContainerId name = container.name();
        boolean alone = name == null
                || bearers.of(name).stream()
                        .noneMatch(other -> other != container && other.life().runs());
        return alone ? List.of(container) : List.of();
    }

    /** Nothing runs in the container any more. */
    void ended(Container container) {
        container.life().end(++moment);
    }

    /** The container has got its name; returns those of that name of which it is known only now that they succeed another. */
    List<Container> named(Container container) {
        ContainerId name = container.name();
        if (name == null) {
            return List.of();
        }
        Set<Container> all = bearers.of(name);
        if (all.size() < 2) {
            return List.of();
        }
        List<Container> restarted = new ArrayList<>();
        for (Container candidate : all) {
            if (candidate.life().hasBegun() && !candidate.life().succeeds() && succeeds(candidate, all)) {
                candidate.life().succeed();
                restarted.add(candidate);
            }
        }
        return restarted;
    }

    private static boolean succeeds(Container candidate, Set<Container> all) {
        long begun = candidate.life().firstBeginning();
        boolean anyBefore = false;
        for (Container other : all) {
            if (other != candidate && other.life().hasBegun() && other.life().firstBeginning() < begun) {
                if (!other.life().hadEndedBefore(begun)) {
                    return false;
                }
                anyBefore = true;
            }
        }
        return anyBefore;
    }
}
