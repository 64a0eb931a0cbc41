package io.nodetelemetry.internal.runtime;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The name of a systemd unit, such as {@code getty@tty1.service}.
 *
 * @param value with systemd's escapes
 */
record UnitName(String value) {
    /** As systemd has it (systemd.unit(5)). */
    private static final int MAX_LENGTH = 255;

    /**
     * The unit that a cgroup belongs to; empty for a slice, which is but a level that groups units.
     *
     * @param path the cgroup's path as it stands in the kernel, up to the unit's component
     */
    static Optional<UnitName> ofCgroup(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        // systemd puts it before names that are also the kernel's, such as memory.service, and before its own kind.
        if (name.startsWith("_")) {
            name = name.substring(1);
        }
        boolean unit = name.indexOf('.') > 0 && !name.endsWith(".slice") && name.length() <= MAX_LENGTH;
        return unit ? Optional.of(new UnitName(name)) : Optional.empty();
    }

    /** Where systemd shows it on D-Bus: all but letters and digits stands as an underscore and two digits. */
    String objectPath() {
        StringBuilder path = new StringBuilder("/org/freedesktop/systemd1/unit/");
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (letter || (c >= '0' && c <= '9' && i > 0)) {
                path.append(c);
            } else {
                path.append('_').append(HexFormat.of().toHexDigits(bytes[i]));
            }
        }
        return path.toString();
    }
}
