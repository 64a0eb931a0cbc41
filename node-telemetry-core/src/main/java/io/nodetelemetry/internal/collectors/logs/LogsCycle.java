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

    /** The journal is looked at that often while something comes; else when something is published. */
    private static final long JOURNAL_NANOS = Duration.ofMillis(250).toNanos();

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

    private final LogInputs inputs;
    private final LogsState state;
    private final FollowedFiles files;
    private final JournalLogs journal;
    private final LongSupplier nanos;
    private LogPlan applied = LogPlan.EMPTY;
    private boolean changed = true;
    private List<MetricTable> tables = List.of();
    private long publishedAt;
    private long journalDue;

    /**
     * Nothing is read yet.
     *
     * @param inputs closed with this
     * @param nanos a monotonic clock
     */
    LogsCycle(LogInputs inputs, LogsState state, FollowedFiles files, LongSupplier nanos) {
        this.inputs = inputs;
        this.state = state;
        this.files = files;
        this.nanos = nanos;
        journal = new JournalLogs(state);
        publishedAt = nanos.getAsLong() - PUBLISH_NANOS;
        journalDue = publishedAt;
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
            journal.containersChanged();
            applied = plan;
            changed = true;
        }
        files.takeNew();
        boolean more = inputs.files().read();
        if (!more) {
            files.caughtUp();
        }
        long now = nanos.getAsLong();
        more |= readJournal(now);
        state.openLogs().look(now);
        changed |= state.openLogs().takeChanged();
        if (isPublishDue(now)) {
            publishedAt = now;
            tidyUp();
            publisher.accept(publish());
        }
        inputs.files().await(Duration.ofNanos(more ? 0 : nanosToNext(now)));
    }

    private boolean isPublishDue(long now) {
        return now - publishedAt >= PUBLISH_NANOS;
    }

    private boolean readJournal(long now) {
        if (now - journalDue < 0) {
            return false;
        }
        long before = journal.entries();
        boolean more = inputs.journal().read(journal);
        if (more) {
            journalDue = now;
        } else if (journal.entries() > before) {
            journalDue = now + JOURNAL_NANOS;
        } else {
            // One wake-up for both.
            journalDue = PUBLISH_NANOS + (isPublishDue(now) ? now : publishedAt);
        }
        return more;
    }

    private void tidyUp() {
        files.leaveDone();
        if (state.ledger().forgetStrangers()) {
            files.containersChanged();
            journal.containersChanged();
        }
    }

    private Published publish() {
        if (changed) {
            changed = false;
            tables = state.ledger().tables();
        }
        Map<String, Long> drops = new HashMap<>(inputs.drops());
        drops.putAll(state.drops().counts());
        drops.put("stranger", state.ledger().strangersDropped());
        return new Published(tables, Map.copyOf(drops), inputs.degraded());
    }

    private long nanosToNext(long now) {
        long toPublish = publishedAt + PUBLISH_NANOS - now;
        long toSilence = state.openLogs().nanosToSilence(now).orElse(toPublish);
        return Math.min(Math.min(toPublish, toSilence), Math.max(0, journalDue - now));
    }

    @Override
    public void close() {
        files.close();
        journal.close();
        inputs.close();
    }
}
