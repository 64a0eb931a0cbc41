package io.nodetelemetry.internal.source.statfs;

import io.nodetelemetry.model.DeviceNumber;
import java.util.Optional;

/**
 * One question for the size of a mounted file system, and its answer once there is one. Safe for threads to share.
 *
 * <p>File systems are told apart by their device: one that hangs is asked through one path only.
 */
public final class Measurement {
    private final DeviceNumber device;
    private final String path;
    private volatile Outcome outcome = new Waiting();

    /** How far it got. */
    public sealed interface Outcome {}

    /** Nobody asked yet, or the file system is taking its time. */
    public record Waiting() implements Outcome {}

    /** It answered. */
    public record Answered(MountReading reading) implements Outcome {}

    /**
     * There is nothing at the path, mostly because the process through whose root it leads is gone: what was known
     * before still holds.
     */
    public record Gone() implements Outcome {}

    /** It did not answer in time, or it is known not to answer these days, or it answered with an error. */
    public record Unanswered() implements Outcome {}

    /**
     * A question that is not asked yet.
     *
     * @param device of the file system, as in {@code mountinfo}
     * @param path where it is seen
     */
    public Measurement(DeviceNumber device, String path) {
        this.device = device;
        this.path = path;
    }

    DeviceNumber device() {
        return device;
    }

    String path() {
        return path;
    }

    /** How far it got; a hanging file system may answer after all. */
    public Outcome outcome() {
        return outcome;
    }

    /** What was answered; empty if nothing was. */
    public Optional<MountReading> reading() {
        return outcome instanceof Answered(var reading) ? Optional.of(reading) : Optional.empty();
    }

    void finish(Outcome last) {
        outcome = last;
    }
}
