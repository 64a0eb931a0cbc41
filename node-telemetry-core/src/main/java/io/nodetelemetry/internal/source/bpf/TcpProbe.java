package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfLink;
import io.nodetelemetry.internal.ffm.BpfMap;
import io.nodetelemetry.internal.ffm.BpfObject;
import io.nodetelemetry.internal.ffm.BpfProgram;
import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.Cidr;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * TCP connections and listeners as the kernel counts them: {@code tcp.bpf.c}. Linux 5.8 with BTF.
 *
 * <p>For one thread. The maps are read in batches; a row that is counted up meanwhile is seen before or after, never
 * torn.
 */
public final class TcpProbe implements TcpCounters {
    static final String FIND_OPEN_SOCKETS = "find_open_sockets";
    static final String HEAR_TRANSLATION = "hear_translation";

    private static final byte[] PRESENT = {1};

    private final Libbpf libbpf;
    private final BpfObject object;
    private final TcpHook hook;
    private final List<String> whyNotBetter;
    private final Map<String, BpfLink> links = new LinkedHashMap<>();
    private final BpfMap destinations;
    private final BpfMap overflow;
    private final BpfMap listeners;
    private final BpfMap listening;
    private final RowCounts rowCounts;
    private final OlderSockets olderSockets;
    private final OpenConnections openConnections;
    private final TranslationTable translations;
    private final TranslationSource.Feed feed;
    private long destinationCount;
    private long overflowCount;
    private long listenerCount;
    private long missesSeen;

    private TcpProbe(
            Libbpf libbpf,
            BpfObject object,
            TcpHook hook,
            TcpSettings settings,
            List<String> whyNotBetter,
            TranslationTable translations,
            TranslationSource.Feed feed)
            throws IOException {
        this.translations = translations;
        this.feed = feed;
        this.libbpf = libbpf;
        this.object = object;
        this.hook = hook;
        this.whyNotBetter = List.copyOf(whyNotBetter);
        destinations = object.map("destinations");
        overflow = object.map("overflow");
        listeners = object.map("listeners");
        listening = object.map("listening");
        rowCounts = new RowCounts(object.map("rows_made"), object.map("rows_freed"));
        BpfMap tracked = object.map("tracked");
        for (Cidr network : settings.tracked()) {
            tracked.update(network.toLpmKey(), PRESENT, 0);
        }
        for (String program : hook.tracePrograms()) {
            links.put(program, object.program(program).attach());
        }
        String cgroupProgram = hook.cgroupProgram();
        if (cgroupProgram != null) {
            try (Fd root = Cgroup2Root.open(settings.cgroupRoot())) {
                links.put(cgroupProgram, object.program(cgroupProgram).attachCgroup(root));
            }
        }
        olderSockets = new OlderSockets(
                object.map("sockets_by_address"),
                object.program(FIND_OPEN_SOCKETS).attachIterator());
        openConnections = OpenConnections.of(object, hook);
        // Only now: what connects while they are looked for is counted by the programs above.
        olderSockets.find();
        olderSockets.recount();
    }

    /**
     * Loads the best hook that this kernel takes, attaches it and follows what is open already.
     *
     * @param source of what connections really reach
     * @throws IOException if none works; the message has the reason for each
     */
    public static TcpProbe open(Libbpf libbpf, TcpSettings settings, TranslationSource source) throws IOException {
        return open(libbpf, settings, source, List.of(TcpHook.values()));
    }

    /** The same with a choice of hooks, best first, and without translations. */
    static TcpProbe open(Libbpf libbpf, TcpSettings settings, List<TcpHook> hooks) throws IOException {
        return open(libbpf, settings, TranslationSource.NONE, hooks);
    }

    /** The same with a choice of hooks, best first. */
    static TcpProbe open(Libbpf libbpf, TcpSettings settings, TranslationSource source, List<TcpHook> hooks)
            throws IOException {
        byte[] elf = BpfResources.read("tcp");
        List<String> reasons = new ArrayList<>();
        IOException last = null;
        for (TcpHook hook : hooks) {
            try {
                return open(libbpf, elf, hook, settings, source, reasons);
            } catch (IOException e) {
                reasons.add(hook.label() + ": " + e.getMessage());
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        Set<String> causes = new LinkedHashSet<>();
        for (String reason : reasons) {
            causes.add(reason.substring(reason.indexOf(": ") + 2));
        }
        String why = causes.size() == 1 ? causes.iterator().next() : String.join("; ", reasons);
        throw new IOException("no hook for TCP works here: " + why, last);
    }

    private static TcpProbe open(
            Libbpf libbpf,
            byte[] elf,
            TcpHook hook,
            TcpSettings settings,
            TranslationSource source,
            List<String> whyNotBetter)
            throws IOException {
        BpfObject object = libbpf.open("tcp", elf);
        try {
            for (String program : object.programNames()) {
                object.autoload(program, hook.loads(program));
            }
            object.maxEntries("destinations", settings.maxDestinations());
            object.maxEntries("overflow", settings.maxCgroups());
            object.maxEntries("open_now", settings.maxDestinations());
            object.maxEntries("rows_made", settings.maxCgroups());
            object.maxEntries("rows_freed", settings.maxCgroups());
            object.maxEntries("listeners", settings.maxListeners());
            object.maxEntries("listening", settings.maxListeners());
            object.maxEntries("translations", settings.maxTranslations());
            object.initialValue(".rodata", TcpDecoder.config(settings, hook));
            object.load();
            TranslationTable translations = new TranslationTable(object);
            // Before anything is counted: a connection is settled once, by what is known of it then.
            TranslationSource.Feed feed =
                    source.open(object.program(HEAR_TRANSLATION).fd(), translations::note);
            try {
                return new TcpProbe(libbpf, object, hook, settings, whyNotBetter, translations, feed);
            } catch (IOException | RuntimeException e) {
                feed.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    @Override
    public TcpHook hook() {
        return hook;
    }

    @Override
    public List<String> whyNotBetter() {
        return whyNotBetter;
    }

    @Override
    public void readDestinations(BiConsumer<TcpDestination, TcpTotals> consumer) throws IOException {
        destinationCount = 0;
        destinations.forEach((key, value) -> {
            destinationCount++;
            consumer.accept(TcpDecoder.destination(key), TcpDecoder.totals(value));
        });
    }

    @Override
    public void readOverflow(BiConsumer<CgroupRef, TcpTotals> consumer) throws IOException {
        overflowCount = 0;
        overflow.forEach((key, value) -> {
            overflowCount++;
            consumer.accept(TcpDecoder.cgroup(key), TcpDecoder.totals(value));
        });
    }

    @Override
    public void readOpen(BiConsumer<TcpDestination, TcpTraffic> rows, BiConsumer<CgroupRef, TcpTraffic> inOverflow)
            throws IOException {
        openConnections.read(followsByTracepoint(), rows, inOverflow);
    }

    @Override
    public void readListeners(BiConsumer<TcpListener, TcpListenerState> consumer) throws IOException {
        listenerCount = 0;
        listeners.forEach((key, value) -> {
            listenerCount++;
            consumer.accept(TcpDecoder.listener(key), TcpDecoder.listenerState(value));
        });
    }

    @Override
    public Optional<TcpTotals> remove(TcpDestination destination) throws IOException {
        byte[] value = new byte[TcpDecoder.TOTALS_SIZE];
        if (!destinations.lookupAndDelete(TcpDecoder.encode(destination), value)) {
            return Optional.empty();
        }
        rowCounts.free(destination.cgroup());
        return Optional.of(TcpDecoder.totals(TcpDecoder.wrap(value)));
    }

    @Override
    public Optional<TcpTotals> removeOverflow(CgroupRef cgroup) throws IOException {
        byte[] value = new byte[TcpDecoder.TOTALS_SIZE];
        return overflow.lookupAndDelete(TcpDecoder.encode(cgroup), value)
                ? Optional.of(TcpDecoder.totals(TcpDecoder.wrap(value)))
                : Optional.empty();
    }

    @Override
    public void remove(TcpListener listener) throws IOException {
        byte[] key = TcpDecoder.encode(listener);
        byte[] state = new byte[TcpDecoder.LISTENER_STATE_SIZE];
        boolean reopened = listeners.lookupAndDelete(key, state)
                && TcpDecoder.listenerState(TcpDecoder.wrap(state)).open() > 0;
        if (reopened) {
            // Somebody listened again after it was read as closed.
            listeners.update(key, state, 0);
            return;
        }
        byte[] at = TcpDecoder.encodeListeningAt(listener);
        byte[] last = new byte[TcpDecoder.LISTENER_SIZE];
        if (listening.lookup(at, last) && Arrays.equals(last, key)) {
            listening.delete(at);
        }
    }

    @Override
    public List<TcpDestination> sweepMissedCloses() throws IOException {
        if (!followsByTracepoint()) {
            return List.of();
        }
        long misses = 0;
        for (Program program : programs()) {
            misses += program.recursionMisses().orElse(0);
        }
        if (misses == missesSeen) {
            return List.of();
        }
        missesSeen = misses;
        return olderSockets.sweep(System.nanoTime());
    }

    @Override
    public void releaseTracepointsIfIdle() throws IOException {
        translations.readCount();
        if (olderSockets.recount() == 0 && hook == TcpHook.SOCK_OPS) {
            for (String program : hook.tracePrograms()) {
                BpfLink link = links.remove(program);
                if (link != null) {
                    link.close();
                }
            }
        }
    }

    private boolean followsByTracepoint() {
        return links.keySet().containsAll(hook.tracePrograms());
    }

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public List<Program> programs() throws IOException {
        List<Program> programs = new ArrayList<>();
        for (String name : links.keySet()) {
            BpfProgram program = object.program(name);
            programs.add(new Program(name, hook.hookOf(name), program.info().recursionMisses()));
        }
        return programs;
    }

    @Override
    public List<Fill> fills() {
        return List.of(
                new Fill("destinations", destinationCount, destinations.maxEntries()),
                new Fill("overflow", overflowCount, overflow.maxEntries()),
                new Fill("listeners", listenerCount, listeners.maxEntries()),
                olderSockets.fill(),
                translations.fill());
    }

    @Override
    public Map<String, Long> drops() throws IOException {
        Map<String, Long> drops = DropCounters.read(
                object.map("drops"),
                libbpf.possibleCpus(),
                DropReason.DESTINATION_OVERFLOW,
                DropReason.CGROUP_OVERFLOW,
                DropReason.DESTINATION_LIMIT,
                DropReason.TRANSLATION,
                DropReason.OPEN_CONNECTION,
                DropReason.SOCKET,
                DropReason.LISTENER);
        drops.merge(DropReason.TRANSLATION.label(), translations.dropped() + feed.lost(), Long::sum);
        return drops;
    }

    @Override
    public Optional<String> degraded() {
        return feed.degraded();
    }

    @Override
    public void close() {
        feed.close();
        object.close();
    }
}
