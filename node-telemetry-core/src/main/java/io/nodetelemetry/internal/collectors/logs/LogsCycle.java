package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.collector.MetricTable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Carries out plans: reads, counts and publishes, one step after the other. For the thread that reads logs. */
final class LogsCycle implements AutoCloseable {
    /** What was counted is shown that often at most, as a table of all series is made each time. */
    private static final long PUBLISH_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * What others may see. Immutable.
     *
     * @param tables the metrics
     * @param drops what was lost, by reason; zeros included
     * @param degraded what does not work; empty if all does
     */
    record Published(List<MetricTable> tables, Map<String, Long> drops, Optional<String> degraded) {
        static final Published NOTHING = new Published(List.of(), Map.of(), Optional.empty());
    }

    private final LogTail tail;
    private final LogsState state;
    private final FollowedFiles files;
    private final LongSupplier nanos;
    private LogPlan applied = LogPlan.EMPTY;
    private boolean changed = true;
    private List<MetricTable> tables = List.of();
    private long publishedAt;

    /**
     * Nothing is read yet.
     *
     * @param tail closed with this
     * @param nanos a monotonic clock
     */
    LogsCycle(LogTail tail, LogsState state, FollowedFiles files, LongSupplier nanos) {
        this.tail = tail;
        this.state = state;
        this.files = files;
        this.nanos = nanos;
        publishedAt = nanos.getAsLong() - PUBLISH_NANOS;
    }

    /**
     * Does what is due, then waits until there is something to do, for a second at most.
     *
     * @param plan what is to be read
     * @param publisher takes the counts when its time has come
     */
    void step(LogPlan plan, Consumer<Published> publisher) throws IOException {
        if (!plan.equals(applied)) {
            state.ledger().apply(plan);
            files.apply(plan);
            applied = plan;
            changed = true;
        }
        boolean more = tail.read();
        if (!more) {
            files.caughtUp();
        }
        long now = nanos.getAsLong();
        state.openLogs().look(now);
        changed |= state.openLogs().takeChanged();
        if (now - publishedAt >= PUBLISH_NANOS) {
            publishedAt = now;
            files.leaveEnded();
            state.ledger().forgetStrangers();
            publisher.accept(publish());
        }
        tail.await(Duration.ofNanos(more ? 0 : nanosToNext(now)));
    }

    private Published publish() {
        if (changed) {
            changed = false;
            tables = state.ledger().tables();
        }
        Map<String, Long> drops = new HashMap<>(tail.drops());
        drops.putAll(state.drops().counts());
        drops.put("stranger", state.ledger().strangersDropped());
        return new Published(tables, Map.copyOf(drops), tail.degraded());
    }

    private long nanosToNext(long now) {
        long toPublish = publishedAt + PUBLISH_NANOS - now;
        return Math.min(toPublish, state.openLogs().nanosToSilence(now).orElse(toPublish));
    }

    @Override
    public void close() {
        files.close();
        tail.close();
    }
}
