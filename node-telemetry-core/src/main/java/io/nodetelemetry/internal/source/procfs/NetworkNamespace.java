package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network namespace (network_namespaces(7)).
 *
 * @param inode its number in nsfs, what the kernel calls {@code net->ns.inum}
 */
public record NetworkNamespace(long inode) {
    private static final Pattern LINK = Pattern.compile("net:\\[(\\d{1,18})]");

    /** The namespace of a process; empty if the process is gone or may not be asked. */
    public static Optional<NetworkNamespace> of(Path procRoot, int pid) {
        return read(procRoot.resolve(pid + "/ns/net"));
    }

    /**
     * The host's: that of PID 1, or this process's own where PID 1 may not be asked (a protected PID 1, or an agent
     * without CAP_SYS_PTRACE).
     */
    public static Optional<NetworkNamespace> ofHost(Path procRoot) {
        return of(procRoot, 1).or(() -> read(procRoot.resolve("self/ns/net")));
    }

    private static Optional<NetworkNamespace> read(Path link) {
        try {
            return parse(Files.readSymbolicLink(link).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    static Optional<NetworkNamespace> parse(String target) {
        Matcher matcher = LINK.matcher(target);
        return matcher.matches()
                ? Optional.of(new NetworkNamespace(Long.parseLong(matcher.group(1))))
                : Optional.empty();
    }
}
