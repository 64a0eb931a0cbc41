package io.nodetelemetry.internal.source.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What tells this machine from all others, the {@code machine_id} label: the firmware's, else the one that systemd or
 * D-Bus made (machine-id(5)).
 *
 * @param value without dashes and blanks; not empty
 */
public record MachineId(String value) {
    /**
     * Reads the first file that says something.
     *
     * @param sysRoot usually {@code /sys}
     * @param root the host's file system, usually {@code /}
     */
    public static Optional<MachineId> read(Path sysRoot, Path root) {
        for (Path file : List.of(
                sysRoot.resolve("class/dmi/id/product_uuid"),
                root.resolve("etc/machine-id"),
                root.resolve("var/lib/dbus/machine-id"))) {
            Optional<MachineId> found = ProcFiles.line(file).flatMap(MachineId::parse);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * Empty if nothing is left, or for what is no id: systemd writes {@code uninitialized} during the first boot.
     */
    static Optional<MachineId> parse(String text) {
        String value = text.replaceAll("[-\\s]", "");
        return value.isEmpty() || value.equals("uninitialized") || value.length() > 128
                ? Optional.empty()
                : Optional.of(new MachineId(value));
    }
}
