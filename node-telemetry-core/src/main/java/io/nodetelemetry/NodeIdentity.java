package io.nodetelemetry;

import io.nodetelemetry.internal.source.procfs.Hostname;
import io.nodetelemetry.internal.source.procfs.MachineId;
import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which node this is; read once at the start.
 *
 * @param machineId empty if the machine has none
 * @param hostname empty if it cannot be read
 * @param netns inode number of the host's network namespace; the agent's own if the host's cannot be seen, 0 if neither
 */
record NodeIdentity(String machineId, String hostname, int netns) {
    private static final Path ROOT = Path.of("/");

    static NodeIdentity read(NodeTelemetryConfig.Roots roots) {
        return new NodeIdentity(
                MachineId.read(roots.sys(), ROOT).map(MachineId::value).orElse(""),
                Hostname.read(roots.proc()).orElse(""),
                (int) NetworkNamespace.ofHost(roots.proc())
                        .map(NetworkNamespace::inode)
                        .orElse(0L)
                        .longValue());
    }

    /** The labels that every series carries. */
    Map<String, String> constantLabels() {
        return Map.of("machine_id", machineId);
    }

    /** The attributes of our OpenTelemetry resource. */
    Map<String, String> resource() {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put("service.name", "node-telemetry");
        if (!hostname.isEmpty()) {
            attributes.put("host.name", hostname);
        }
        if (!machineId.isEmpty()) {
            attributes.put("host.id", machineId);
        }
        return attributes;
    }
}
