package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.Libc;
import io.nodetelemetry.internal.ffm.NetlinkChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Opens sockets in a network namespace (network_namespaces(7)). setns(2) moves one thread, so a thread is made for it,
 * which ends with it; the socket stays where it was opened.
 *
 * @param namespace a file that stands for it
 */
record NetworkNamespaceDoor(Path namespace) {
    /** Our own stands in for that of a PID 1 that is protected, or hidden from us. */
    static NetworkNamespaceDoor host(Path procRoot) {
        Path init = procRoot.resolve("1/ns/net");
        // Following the link needs the right to trace that process.
        return new NetworkNamespaceDoor(Files.isReadable(init) ? init : procRoot.resolve("self/ns/net"));
    }

    NetlinkChannel open(int protocol) throws IOException {
        if (isOurs()) {
            // Needs no privilege, as setns does.
            return NetlinkChannel.open(protocol);
        }
        FutureTask<NetlinkChannel> opening = new FutureTask<>(() -> {
            try (Fd door = Libc.open(namespace, Libc.O_RDONLY)) {
                Libc.enterNetworkNamespace(door);
            }
            return NetlinkChannel.open(protocol);
        });
        Thread.ofPlatform().name("nodetelemetry-netns").daemon().start(opening);
        return result(opening);
    }

    private boolean isOurs() {
        try {
            return Files.isSameFile(namespace, Path.of("/proc/self/ns/net"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Not to be interrupted: a socket that nobody waits for would stay open. Nothing here takes long. */
    private NetlinkChannel result(FutureTask<NetlinkChannel> opening) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return opening.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof IOException cause
                            ? new IOException("network namespace " + namespace + ": " + cause.getMessage(), cause)
                            : new IOException("network namespace " + namespace, e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
