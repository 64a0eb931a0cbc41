package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.LogMetrics;
import io.nodetelemetry.internal.state.ContainerKey;
import io.nodetelemetry.model.ContainerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What is counted, by container. Containers of the same id count in the same account, so that its numbers do not fall when
 * one of them goes. For the thread that reads logs.
 */
final class LogLedger {
    /** Containers that wrote to a log and are not known otherwise yet. */
    static final int MAX_STRANGERS = 1_024;

    private static final long STRANGER_NANOS = Duration.ofSeconds(60).toNanos();

    private final LogAccount.Settings settings;
    private final int linesPerSecond;
    private final LongSupplier nanos;
    private final Map<ContainerKey, LogBearer> bearers = new HashMap<>();
    private final Map<ContainerId, LogAccount> accounts = new LinkedHashMap<>();
    /** Since when; the first came first. */
    private final Map<ContainerKey, Long> strangers = new LinkedHashMap<>();

    private LogPlan plan = LogPlan.EMPTY;
    private long strangersDropped;

    /**
     * Empty.
     *
     * @param linesPerSecond of each container that are looked at
     * @param nanos a monotonic clock
     */
    LogLedger(LogAccount.Settings settings, int linesPerSecond, LongSupplier nanos) {
        this.settings = settings;
        this.linesPerSecond = linesPerSecond;
        this.nanos = nanos;
    }

    /** The plan says who is there, and under which id. What is counted of the others goes, but for strangers' for a while. */
    void apply(LogPlan next) {
        plan = next;
        for (LogPlan.Member member : plan.members()) {
            ContainerKey key = member.key();
            strangers.remove(key);
            LogBearer bearer = bearers.computeIfAbsent(key, this::newBearer);
            member.id().ifPresent(id -> name(bearer, id));
        }
        bearers.entrySet().removeIf(entry -> {
            ContainerKey key = entry.getKey();
            boolean goes = plan.isHidden(key) || !(plan.contains(key) || strangers.containsKey(key));
            if (goes) {
                strangers.remove(key);
                leave(entry.getValue().account());
            }
            return goes;
        });
    }

    private LogBearer newBearer(ContainerKey key) {
        return new LogBearer(new LineBudget(linesPerSecond, nanos), new LogAccount(settings, null));
    }

    private void name(LogBearer bearer, ContainerId id) {
        LogAccount before = bearer.account();
        if (id.equals(before.id())) {
            return;
        }
        LogAccount named = accounts.computeIfAbsent(id, missing -> new LogAccount(settings, missing));
        bearer.account(named);
        if (before.leave()) {
            named.merge(before);
            forget(before);
        }
    }

    private void leave(LogAccount account) {
        if (account.leave()) {
            account.release();
            forget(account);
        }
    }

    private void forget(LogAccount account) {
        ContainerId id = account.id();
        if (id != null) {
            accounts.remove(id);
        }
    }

    /** A container by its key; empty if nothing of it is counted. */
    Optional<LogBearer> bearer(ContainerKey key) {
        return Optional.ofNullable(bearers.get(key));
    }

    /**
     * A container that wrote to a log, in a plan or not: it may be so new that no plan knows it. If none does soon, what was
     * counted of it goes.
     *
     * @return empty if there are too many of that kind, or if it is never reported
     */
    Optional<LogBearer> bearerOrStranger(ContainerKey key) {
        LogBearer known = bearers.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        if (plan.isHidden(key)) {
            return Optional.empty();
        }
        if (strangers.size() >= MAX_STRANGERS) {
            strangersDropped++;
            return Optional.empty();
        }
        strangers.put(key, nanos.getAsLong());
        LogBearer stranger = newBearer(key);
        bearers.put(key, stranger);
        return Optional.of(stranger);
    }

    /** Lets go of strangers that no plan named in time. Returns whether there were any. */
    boolean forgetStrangers() {
        long now = nanos.getAsLong();
        return strangers.entrySet().removeIf(entry -> {
            boolean goes = now - entry.getValue() > STRANGER_NANOS;
            LogBearer bearer = goes ? bearers.remove(entry.getKey()) : null;
            if (bearer != null) {
                leave(bearer.account());
            }
            return goes;
        });
    }

    /** Messages of strangers that were not counted, as there were too many. */
    long strangersDropped() {
        return strangersDropped;
    }

    /** All counts of containers that have an id. */
    List<MetricTable> tables() {
        MetricTable.Builder messages = MetricTable.builder(LogMetrics.MESSAGES);
        MetricTable.Builder skipped = MetricTable.builder(LogMetrics.SKIPPED_LINES);
        accounts.forEach((id, account) -> account.sources().forEach(source -> source.addTo(messages, skipped, id)));
        return List.of(messages.build(), skipped.build());
    }
}
