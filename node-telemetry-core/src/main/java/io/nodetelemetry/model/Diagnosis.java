package io.nodetelemetry.model;

import java.util.Objects;
import java.util.Optional;

/**
 * What a look at one thing that the agent needs has found.
 *
 * @param check what was looked at, short and stable, for example {@code libbpf}
 * @param status whether it is as needed
 * @param found what there is, for people
 * @param neededFor what does not work without it
 * @param remedy what to do about it; empty if it is in order
 * @param essential whether TCP cannot be counted by container without it
 */
public record Diagnosis(
        String check, Status status, String found, String neededFor, Optional<String> remedy, boolean essential) {

    /** Whether something is as needed. */
    public enum Status {
        /** It is. */
        OK,
        /** It is there, with a drawback; or it could not be found out. */
        WARN,
        /** It is not. */
        MISSING
    }

    public Diagnosis {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(neededFor, "neededFor");
        Objects.requireNonNull(remedy, "remedy");
    }

    /** Whether this alone keeps the agent from counting TCP by container. */
    public boolean prevents() {
        return essential && status == Status.MISSING;
    }
}
