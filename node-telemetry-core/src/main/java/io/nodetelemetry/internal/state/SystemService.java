package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.UnitProperties;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells the services of the operating system, which run on every machine, from those it is there for. */
final class SystemService {
    /** What the names of units begin with that distributions bring along. */
    private static final List<String> NAMES = List.of(
            "systemd-",
            "dbus",
            "getty",
            "serial-getty",
            "system-getty",
            "system-serial",
            "snapd",
            "packagekit",
            "unattended-upgrades",
            "multipathd",
            "qemu-guest-agent",
            "irqbalance",
            "networkd-dispatcher",
            "rpcbind");

    /** Those that run to their end, and those that live on the system bus (systemd.service(5)). */
    private static final Set<String> TYPES = Set.of("oneshot", "dbus");

    private SystemService() {}

    /**
     * Whether it is one.
     *
     * @param id the path of the unit's cgroup
     * @param unit empty if nothing is known but the name
     */
    static boolean is(String id, Optional<UnitProperties> unit) {
        String name = id.substring(id.lastIndexOf('/') + 1);
        return NAMES.stream().anyMatch(name::startsWith)
                || unit.map(SystemService::isByProperties).orElse(false);
    }

    private static boolean isByProperties(UnitProperties unit) {
        return TYPES.contains(unit.type())
                || unit.triggeredBy().endsWith(".timer")
                || unit.triggeredBy().contains(".timer ");
    }
}
