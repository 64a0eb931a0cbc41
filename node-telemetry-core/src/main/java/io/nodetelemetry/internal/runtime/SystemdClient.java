package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.UnitProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What systemd says of its units (org.freedesktop.systemd1(5)), by D-Bus: directly at its private socket, which takes
 * root of its own pid namespace, or over the system's bus. One short connection per question.
 *
 * <p>On a machine without either socket nothing is known of any unit, and it is not asked for again. A socket that fails
 * is left alone for {@link #PAUSE}, as there are as many questions as units. For one thread.
 */
public final class SystemdClient implements RuntimeClient {
    /** Where systemd listens, and then the bus, in the order in which they are tried. */
    private static final List<Path> DEFAULT_SOCKETS =
            List.of(Path.of("run/systemd/private"), Path.of("run/dbus/system_bus_socket"));

    /** For one socket from connect to the last byte of the answer. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    /** How long sockets that failed are left alone. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final String SYSTEMD = "org.freedesktop.systemd1";
    private static final String SERVICE = "org.freedesktop.systemd1.Service";
    private static final String UNIT = "org.freedesktop.systemd1.Unit";

    private static final String ERRORS = "org.freedesktop.DBus.Error.";
    private static final int MAX_TEXT = 256;

    /** The one that answered last comes first: systemd writes a line to its log for each connection it refuses. */
    private final List<Path> sockets;

    private final boolean required;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private @Nullable IOException failure;
    private long failedAtNanos;

    /**
     * Opens nothing.
     *
     * @param socket the only one to ask; empty: those that exist where they are by default
     * @param roots where the host's root directory is seen, best first
     * @param timeout for one socket
     * @param nanoTime as {@link System#nanoTime()}
     */
    public SystemdClient(Optional<Path> socket, List<Path> roots, Duration timeout, LongSupplier nanoTime) {
        this(socket.map(List::of).orElseGet(() -> defaults(roots)), socket.isPresent(), timeout, nanoTime);
    }

    private static List<Path> defaults(List<Path> roots) {
        return roots.stream()
                .flatMap(root -> DEFAULT_SOCKETS.stream().map(root::resolve))
                .toList();
    }

    SystemdClient(List<Path> sockets, boolean required, Duration timeout, LongSupplier nanoTime) {
        this.sockets = new ArrayList<>(sockets);
        this.required = required;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "systemd";
    }

    @Override
    public boolean serves(ContainerRuntime runtime) {
        return runtime == ContainerRuntime.SYSTEMD;
    }

    @Override
    public Optional<ContainerMetadata> inspect(String id) throws IOException {
        Optional<UnitName> unit = UnitName.ofCgroup(id);
        if (unit.isEmpty()) {
            return Optional.empty();
        }
        IOException last = failure;
        if (last != null && nanoTime.getAsLong() - failedAtNanos < PAUSE.toNanos()) {
            throw last;
        }
        failure = null;
        try {
            return ask(unit.get()).map(ContainerMetadata.EMPTY::withUnit);
        } catch (IOException e) {
            failure = e;
            failedAtNanos = nanoTime.getAsLong();
            throw e;
        }
    }

    private Optional<UnitProperties> ask(UnitName unit) throws IOException {
        String path = unit.objectPath();
        Optional<List<DBusMessage>> replies = exchange(List.of(
                DBusCall.get(SYSTEMD, path, SERVICE, "Type"), DBusCall.get(SYSTEMD, path, UNIT, "TriggeredBy")));
        return replies.map(both -> new UnitProperties(value(both.get(0)), value(both.get(1))));
    }

    /** Empty if there is no systemd here. */
    private Optional<List<DBusMessage>> exchange(List<DBusCall> calls) throws IOException {
        IOException failed = null;
        for (Path socket : List.copyOf(sockets)) {
            if (Files.exists(socket)) {
                try {
                    List<DBusMessage> replies = answered(DBusExchange.with(socket, timeout, calls));
                    sockets.remove(socket);
                    sockets.addFirst(socket);
                    return Optional.of(replies);
                } catch (IOException e) {
                    IOException named = new IOException(socket + ": " + e.getMessage(), e);
                    if (failed != null) {
                        named.addSuppressed(failed);
                    }
                    failed = named;
                }
            }
        }
        if (failed == null && required) {
            failed = new IOException("no socket at " + sockets.getFirst());
        }
        if (failed != null) {
            throw failed;
        }
        return Optional.empty();
    }

    /** Errors that are of the unit are an answer; those that are of us or the bus are none. */
    private static List<DBusMessage> answered(List<DBusMessage> replies) throws IOException {
        for (DBusMessage reply : replies) {
            String error = reply.error();
            boolean ofUnit = error.startsWith(ERRORS + "Unknown")
                    || error.equals(ERRORS + "InvalidArgs")
                    || error.equals("org.freedesktop.systemd1.NoSuchUnit");
            if (reply.kind() == DBusMessage.Kind.ERROR && !ofUnit) {
                throw new IOException(error + ": " + text(String.join(" ", reply.strings())));
            }
        }
        return replies;
    }

    private static String value(DBusMessage reply) {
        return reply.kind() == DBusMessage.Kind.ERROR ? "" : text(String.join(" ", reply.strings()));
    }

    private static String text(String value) {
        return value.length() <= MAX_TEXT ? value : value.substring(0, MAX_TEXT);
    }

    /**
     * Which socket answers, and systemd's version as it says it; proves that units can be asked for.
     *
     * @return empty if there is no systemd here
     * @throws IOException if it does not answer; the message says why
     */
    public Optional<String> version() throws IOException {
        Optional<List<DBusMessage>> reply = exchange(List.of(
                DBusCall.get(SYSTEMD, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "Version")));
        // The one that answered comes first.
        return reply.map(replies -> sockets.getFirst() + ", systemd " + value(replies.getFirst()));
    }
}
