package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import io.nodetelemetry.model.DeviceNumber;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code 8:1} in a line: the words 8 and 1. */
final class DeviceWords {
    private static final int MAX_MAJOR = 0xfff;
    private static final int MAX_MINOR = 0xfffff;

    private DeviceWords() {}

    /** Takes the word that stands before the colon, and the next; empty if they are no device number. */
    static Optional<DeviceNumber> read(KernelText text) {
        OptionalLong major = text.number();
        OptionalLong minor = text.nextNumber();
        if (major.isEmpty() || major.getAsLong() > MAX_MAJOR || minor.isEmpty() || minor.getAsLong() > MAX_MINOR) {
            return Optional.empty();
        }
        return Optional.of(new DeviceNumber((int) major.getAsLong(), (int) minor.getAsLong()));
    }
}
