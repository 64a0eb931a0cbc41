package io.nodetelemetry.internal.source;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Opens sockets in a network namespace (network_namespaces(7)). setns(2) moves one thread, so a thread is made for it,
 * which ends with it; the socket stays where it was opened.
 *
 * @param namespace a file that stands for it: {@code /proc/<pid>/ns/net}, or what {@code ip netns} left below
 *     {@code /run/netns}
 */
public record NetworkNamespaceDoor(Path namespace) {
    /**
     * Opens something that belongs to the network namespace of its thread from then on.
     *
     * @param <T> what is opened
     */
    @FunctionalInterface
    public interface Opener<T> {
        /** Called once, and must not wait for anything. */
        T open() throws IOException;
    }

    /** Our own stands in for that of a PID 1 that is protected, or hidden from us. */
    public static NetworkNamespaceDoor host(Path procRoot) {
        Path init = procRoot.resolve("1/ns/net");
        // Following the link needs the right to trace that process.
        return new NetworkNamespaceDoor(Files.isReadable(init) ? init : procRoot.resolve("self/ns/net"));
    }

    /**
     * Opens it inside; needs CAP_SYS_ADMIN unless the namespace is our own.
     *
     * @throws IOException naming the namespace, with that of the opener or an
     *     {@link io.nodetelemetry.internal.ffm.ErrnoException} of the way in as its cause; from our own namespace that of
     *     the opener itself
     */
    public <T> T open(Opener<T> opener) throws IOException {
        if (isOurs()) {
            // Needs no privilege, as setns does.
            return opener.open();
        }
        FutureTask<T> opening = new FutureTask<>(() -> {
            try (Fd door = Libc.open(namespace, Libc.O_RDONLY)) {
                Libc.enterNetworkNamespace(door);
            }
            return opener.open();
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
    private <T> T result(FutureTask<T> opening) throws IOException {
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
