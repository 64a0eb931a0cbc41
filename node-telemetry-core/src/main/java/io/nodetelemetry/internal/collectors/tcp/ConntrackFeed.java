package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.internal.source.bpf.TranslationSource;
import io.nodetelemetry.internal.source.netlink.ConntrackEvents;
import io.nodetelemetry.internal.source.netlink.ConntrackTable;
import io.nodetelemetry.internal.source.netlink.NamespaceIds;
import io.nodetelemetry.internal.source.netlink.NetlinkException;
import io.nodetelemetry.model.TcpTranslation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translations by conntrack: the BPF program hears of new ones by itself once it is subscribed; this subscribes it, reads
 * what was tracked before, and sees to it that namespaces are heard which come later. All of that on a thread of its own.
 */
public final class ConntrackFeed implements TranslationSource.Feed {
    private static final Logger LOG = LoggerFactory.getLogger(ConntrackFeed.class);

    /**
     * Older connections are looked for after that: what is read later they show as what they dialled, for their whole life.
     * So a slow machine and a large table are waited for, which on others takes milliseconds.
     */
    private static final Duration START = Duration.ofSeconds(8);

    /** How long translations may be unheard on a machine where nothing could translate before. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** How long a namespace may be unheard that neither has an interface in the host's nor an id there. */
    private static final Duration SCAN_INTERVAL = Duration.ofSeconds(5);

    private final Path procRoot;
    private final int filter;
    private final Consumer<TcpTranslation> older;
    private final ConntrackSetup setup;
    private final NamespaceScan namespaces;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("nodetelemetry-conntrack").daemon().factory());
    private final Object closing = new Object();
    private boolean closed;
    private @Nullable ConntrackEvents events;
    private boolean hostIsRead;
    private volatile Optional<String> degraded = Optional.empty();
    /** Each is one or more translations of which nothing is known. */
    private long overflows;

    private volatile long lost;

    private ConntrackFeed(Path procRoot, int filter, Consumer<TcpTranslation> older) {
        this.procRoot = procRoot;
        this.filter = filter;
        this.older = older;
        setup = new ConntrackSetup(procRoot);
        // A pass that is due after the close must not subscribe again.
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        namespaces = new NamespaceScan(procRoot, NamespaceScan.MAX_NAMESPACES);
    }

    /**
     * The feed of this machine.
     *
     * @param procRoot usually {@code /proc}
     */
    public static TranslationSource of(Path procRoot) {
        return (filter, older) -> {
            ConntrackFeed feed = new ConntrackFeed(procRoot, filter, older);
            feed.start();
            return feed;
        };
    }

    private void start() {
        Future<?> first = thread.submit(this::passAndRepeat);
        try {
            first.get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("conntrack tables take longer than {} to read", START);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pass over conntrack tables throws nothing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On its own thread. */
    private void passAndRepeat() {
        Duration untilNext = pass();
        try {
            var _ = thread.schedule(this::passAndRepeat, untilNext.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed meanwhile", e);
        }
    }

    /** Returns when the next one is due, whatever happens. */
    private Duration pass() {
        try {
            if (events == null && !setup.mayTranslate()) {
                // The kernel makes a message of each new connection for whoever listens: not for nothing.
                degraded = Optional.empty();
                return INTERVAL;
            }
            Optional<String> unsubscribed = subscribed();
            Optional<String> unheard = hearNamespaces();
            degraded = unsubscribed.or(setup::silence).or(() -> unheard);
            lost = overflows + namespaces.leftOut();
        } catch (RuntimeException e) {
            LOG.warn("translations by conntrack", e);
            degraded = Optional.of("translations of addresses are unknown: " + e);
        }
        return SCAN_INTERVAL;
    }

    /** What keeps us from being subscribed. */
    private Optional<String> subscribed() {
        try {
            ConntrackEvents subscribed = events;
            if (subscribed == null) {
                subscribed = ConntrackEvents.open(procRoot, filter);
                events = subscribed;
            }
            if (!hostIsRead) {
                read(ConntrackTable.openOnHost(procRoot));
                hostIsRead = true;
            }
            if (subscribed.lostSome()) {
                overflows++;
            }
            return Optional.empty();
        } catch (IOException e) {
            if (!setup.isTracking()) {
                // A kernel without conntrack translates nothing, or has it as modules that nobody needed yet.
                return Optional.empty();
            }
            return Optional.of("what connections reach after NAT is unknown: conntrack cannot be asked: "
                    + e.getMessage() + "; run with CAP_NET_ADMIN, on a kernel with nf_conntrack_netlink");
        }
    }

    /** What keeps us from hearing namespaces that were found. */
    private Optional<String> hearNamespaces() {
        ConntrackEvents subscribed = events;
        if (subscribed == null) {
            return Optional.empty();
        }
        if (subscribed.otherNamespacesRefused().isPresent()) {
            return subscribed
                    .otherNamespacesRefused()
                    .map(reason -> "what containers reach after NAT in their own network namespace is unknown: "
                            + reason + "; run with CAP_NET_BROADCAST");
        }
        try {
            List<Path> found = namespaces.found();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            try (NamespaceIds ids = NamespaceIds.openOnHost(procRoot)) {
                found.forEach(namespace -> hear(ids, namespace));
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "what containers reach after NAT in new network namespaces is unknown: " + e.getMessage());
        }
    }

    private void hear(NamespaceIds ids, Path namespace) {
        try {
            // First, so that what is not yet in the table is heard.
            ids.give(namespace);
            read(ConntrackTable.openIn(namespace));
        } catch (IOException e) {
            if (e instanceof NetlinkException && !(e instanceof NetlinkException.Refused)) {
                // Older connections of a namespace that is there; new ones are heard.
                overflows++;
            }
            // Else it is gone, or is not ours to ask; its connections show what they dialled.
            LOG.debug("network namespace {} is not heard", namespace, e);
        }
    }

    private void read(ConntrackTable opened) throws IOException {
        try (ConntrackTable table = opened) {
            if (table.entries() > 0) {
                table.translations(this::note);
            }
        }
    }

    private void note(TcpTranslation translation) {
        synchronized (closing) {
            if (!closed) {
                older.accept(translation);
            }
        }
    }

    @Override
    public Optional<String> degraded() {
        return degraded;
    }

    @Override
    public long lost() {
        return lost;
    }

    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
        }
        // Behind a pass that is under way: a channel is for one thread.
        thread.execute(() -> {
            if (events != null) {
                events.close();
                events = null;
            }
        });
        thread.shutdown();
    }
}
