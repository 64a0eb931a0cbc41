package io.nodetelemetry.internal.state;

import java.time.Duration;

/**
 * How much the registry keeps, and for how long. Its memory follows from these numbers, not from what runs.
 *
 * @param containers containers known at a time; a new one takes the place of the one that ended first
 * @param cgroups live cgroups, standalone ones included; one container has up to one per hierarchy, and more if it makes
 *     its own
 * @param removedCgroups cgroups that are gone and still lead to their container
 * @param unknownCgroups cgroups that were asked for and have not been found yet
 * @param nameWait how long a container is withheld while its runtime is asked for the name
 * @param retention how long an ended container is still reported
 */
public record ContainerLimits(
        int containers, int cgroups, int removedCgroups, int unknownCgroups, Duration nameWait, Duration retention) {

    public ContainerLimits {
        requirePositive("containers", containers);
        requirePositive("cgroups", cgroups);
        requirePositive("removedCgroups", removedCgroups);
        requirePositive("unknownCgroups", unknownCgroups);
        if (nameWait.isNegative() || retention.isNegative()) {
            throw new IllegalArgumentException(
                    "nameWait and retention must not be negative: " + nameWait + ", " + retention);
        }
    }

    /** Tables of a size that fits that many containers on any host: five hierarchies, and some cgroups besides. */
    public static ContainerLimits of(int containers, Duration nameWait, Duration retention) {
        int cgroups = Math.max(4_096, 16 * containers);
        return new ContainerLimits(containers, cgroups, cgroups, 1_024, nameWait, retention);
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " must be at least 1: " + value);
        }
    }
}
