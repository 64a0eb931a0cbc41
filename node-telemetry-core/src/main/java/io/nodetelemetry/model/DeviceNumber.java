package io.nodetelemetry.model;

import java.util.Optional;

/**
 * The number by which the kernel knows a device (makedev(3)). File systems without a block device have major 0.
 *
 * @param major the kind of device, 0 to 4095
 * @param minor which one, 0 to 1 048 575
 */
public record DeviceNumber(int major, int minor) {
    private static final int MAX_MAJOR = 0xfff;
    private static final int MAX_MINOR = 0xfffff;

    public DeviceNumber {
        if (major < 0 || major > MAX_MAJOR || minor < 0 || minor > MAX_MINOR) {
            throw new IllegalArgumentException("no device has number " + major + ":" + minor);
        }
    }

    /** {@code 8:1}, as sysfs, mountinfo and the cgroup files have it; empty for anything else. */
    public static Optional<DeviceNumber> parse(String text) {
        int colon = text.indexOf(':');
        int major = colon < 0 ? -1 : number(text, 0, colon, MAX_MAJOR);
        int minor = colon < 0 ? -1 : number(text, colon + 1, text.length(), MAX_MINOR);
        return major < 0 || minor < 0 ? Optional.empty() : Optional.of(new DeviceNumber(major, minor));
    }

    /** Negative if these are not digits alone or are too many. */
    private static int number(String text, int from, int to, int limit) {
        if (from == to || to - from > 7) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value <= limit ? value : -1;
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return major + ":" + minor;
    }
}
