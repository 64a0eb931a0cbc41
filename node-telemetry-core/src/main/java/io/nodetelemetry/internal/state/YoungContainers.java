package io.nodetelemetry.internal.state;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** The containers that have not run for as long as they must to be reported, until they have. */
final class YoungContainers {
    private final Duration minAge;
    private final Set<Container> young = new LinkedHashSet<>();

    YoungContainers(Duration minAge) {
        this.minAge = minAge;
    }

    /** A container has got a name, and perhaps with it forerunners that are older. */
    void judge(Container container, Instant now) {
        if (isYoung(container, now)) {
            container.young(true);
            young.add(container);
        }
    }

    /** Those that have become old enough are young no more; one that ended before stays so. */
    void tick(Instant now) {
        young.removeIf(container -> {
            if (container.since().isAfter(now)) {
                // The clock was set back.
                container.since(now);
            }
            boolean grown = !isYoung(container, now);
            if (grown) {
                container.young(false);
            }
            return grown;
        });
    }

    void forget(Container container) {
        young.remove(container);
    }

    private boolean isYoung(Container container, Instant now) {
        return container.age(now).compareTo(minAge) < 0;
    }
}
