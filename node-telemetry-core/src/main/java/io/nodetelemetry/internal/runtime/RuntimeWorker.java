package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerMetadata;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one runtime, one question at a time, on a thread of its own. */
final class RuntimeWorker {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeWorker.class);

    private static final int MAX_CAUSES = 16;

    /**
     * A runtime may make the cgroup of a container before it admits that there is such a container, so its no counts from
     * this many on. With the first retry after 200 ms that is after 1.4 s.
     */
    private static final int CERTAIN_NOS = 4;

    private final RuntimeClient client;
    private final MetadataResolver.Config config;
    private final Answered answered;
    /** Bounded by the resolver, which lets no more questions in. */
    private final DelayQueue<Attempt> attempts = new DelayQueue<>();

    private final Thread thread;
    private final Set<String> causes = new HashSet<>();

    /** A question that is due at some time; what fails comes back as the next attempt. */
    private record Attempt(Ballot ballot, int nos, long dueNanos, long delayNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(dueNanos - ((Attempt) other).dueNanos, 0);
        }
    }

    /** Takes what became of a question. */
    interface Answered {
        void accept(Ballot ballot, Ballot.Outcome outcome, Optional<ContainerMetadata> metadata);
    }

    RuntimeWorker(RuntimeClient client, MetadataResolver.Config config, Answered answered) {
        this.client = client;
        this.config = config;
        this.answered = answered;
        thread = Thread.ofPlatform()
                .name("nodetelemetry-runtime-" + client.name())
                .daemon()
                .unstarted(this::run);
    }

    RuntimeClient client() {
        return client;
    }

    void start() {
        thread.start();
    }

    void ask(Ballot ballot) {
        attempts.add(
                new Attempt(ballot, 0, System.nanoTime(), config.firstRetry().toNanos()));
    }

    void withdraw(Ballot ballot) {
        attempts.removeIf(attempt -> attempt.ballot() == ballot);
    }

    void stop() {
        thread.interrupt();
    }

    void join(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Attempt attempt = attempts.take();
                if (!attempt.ballot().isDecided()) {
                    attempt(attempt);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(Attempt attempt) {
        Ballot ballot = attempt.ballot();
        try {
            Optional<ContainerMetadata> metadata =
                    client.inspect(ballot.question().id());
            if (metadata.isPresent() || attempt.nos() + 1 >= CERTAIN_NOS) {
                answered.accept(ballot, ballot.answers(client, metadata), metadata);
            } else {
                again(attempt, attempt.nos() + 1);
            }
        } catch (RuntimeAbsentException e) {
            if (causes.size() < MAX_CAUSES && causes.add(String.valueOf(e.getMessage()))) {
                LOG.debug("{} is not here: {}", client.name(), String.valueOf(e.getMessage()));
            }
            answered.accept(ballot, ballot.isAbsent(client), Optional.empty());
            again(attempt, attempt.nos());
        } catch (IOException | RuntimeException e) {
            // A client that trips over an answer it was not made for must not take the thread with it.
            if (!Thread.currentThread().isInterrupted() && !ballot.isDecided()) {
                complain(e);
                again(attempt, attempt.nos());
            }
        }
    }

    private void again(Attempt attempt, int nos) {
        long delay = Math.min(2 * attempt.delayNanos(), config.lastRetry().toNanos());
        attempts.add(new Attempt(attempt.ballot(), nos, System.nanoTime() + attempt.delayNanos(), delay));
    }

    /** Once per distinct cause; the set is bounded as causes may hold anything. */
    private void complain(Exception e) {
        if (causes.size() < MAX_CAUSES && causes.add(String.valueOf(e.getMessage()))) {
            LOG.warn(
                    "{} does not answer, what it alone knows of containers is missing until it does: {}",
                    client.name(),
                    String.valueOf(e.getMessage()));
        } else {
            LOG.debug("{} does not answer", client.name(), e);
        }
    }
}
