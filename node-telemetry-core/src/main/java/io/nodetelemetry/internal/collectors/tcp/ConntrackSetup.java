package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.internal.source.procfs.KernelModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether this machine tracks connections, may translate them, and announces new ones. For any thread.
 *
 * @param procRoot usually {@code /proc}; its {@code sys/net} is that of our own network namespace
 */
record ConntrackSetup(Path procRoot) {
    /** Each of these translates by conntrack's means; whoever else does needs the first one. */
    private static final String NAT = "nf_nat";

    private static final String IPVS = "ip_vs";

    private Path sysctl(String name) {
        return procRoot.resolve("sys/net/netfilter/" + name);
    }

    /** Whether conntrack is in the kernel now. */
    boolean isTracking() {
        return Files.exists(sysctl("nf_conntrack_max"));
    }

    /**
     * Whether anything here can translate an address now. Where conntrack is a module, so is NAT, as Kconfig has it: then it
     * can if the module is there. Everywhere else it is taken to be able to.
     */
    boolean mayTranslate() {
        Optional<KernelModules> modules = KernelModules.read(procRoot);
        if (modules.isEmpty()) {
            return true;
        }
        KernelModules loaded = modules.get();
        return isTracking() && (!loaded.has("nf_conntrack") || loaded.has(NAT) || loaded.has(IPVS));
    }

    /**
     * Why new connections are not announced, and what to do about it. {@code nf_conntrack_events} (nf_conntrack-sysctl.rst):
     * 0 is off, 1 on, 2 (Linux 5.19) on while there are listeners.
     */
    Optional<String> silence() {
        try {
            Path setting = sysctl("nf_conntrack_events");
            if (!isTracking() || !Files.readString(setting).strip().equals("0")) {
                return Optional.empty();
            }
            return Optional.of("what new connections reach after NAT is unknown: conntrack announces nothing, "
                    + setting + " is 0; sysctl -w net.netfilter.nf_conntrack_events=1");
        } catch (IOException e) {
            return Optional.of("what new connections reach after NAT is unknown: conntrack announces nothing: " + e
                    + "; run a kernel with CONFIG_NF_CONNTRACK_EVENTS");
        }
    }
}
