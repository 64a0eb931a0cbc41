package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerMetadata;
import io.nodetelemetry.model.ContainerRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks the runtimes for the names of containers, each runtime on a thread of its own, so that one that hangs delays
 * neither the others nor the caller. A question that fails is asked again, later and later, until it is answered or
 * withdrawn: a runtime that starts late or restarts is caught up with. One that is not here keeps no answer back.
 *
 * <p>{@link #request}, {@link #withdraw}, {@link #drain} and {@link #close} belong to one thread, that of the state's
 * writer.
 */
public final class MetadataResolver implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(800);

    private final List<RuntimeWorker> workers = new ArrayList<>();
    private final int capacity;
    private final Map<Question, Ballot> open = new HashMap<>();
    /** Bounded by the open questions, each of which is answered twice at most. */
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    private long dropped;

    /**
     * A container to be asked for.
     *
     * @param runtime what seems to have started it
     * @param id the runtime's own id
     */
    record Question(ContainerRuntime runtime, String id) {}

    private record Answer(Ballot ballot, Optional<ContainerMetadata> metadata, boolean isLast) {}

    /** Takes what the runtimes answered. */
    public interface Answers {
        /**
         * Called once per container, or a second time if a runtime that was not here at first comes and knows it.
         *
         * @param metadata empty if no runtime that is here knows the container
         */
        void accept(ContainerRuntime runtime, String id, Optional<ContainerMetadata> metadata);
    }

    /**
     * How it asks.
     *
     * @param capacity containers that are being asked for at a time; more are not asked for and counted
     * @param firstRetry after the first failure; doubles with each further one
     * @param lastRetry the longest time between two tries
     */
    public record Config(int capacity, Duration firstRetry, Duration lastRetry) {
        /** A container is named at most this long after its runtime came back. */
        public static final Config DEFAULT = new Config(4_096, Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    private MetadataResolver(int capacity) {
        this.capacity = capacity;
    }

    /** Starts one thread per client. */
    public static MetadataResolver start(List<? extends RuntimeClient> clients, Config config) {
        MetadataResolver resolver = new MetadataResolver(config.capacity());
        for (RuntimeClient client : clients) {
            resolver.workers.add(new RuntimeWorker(client, config, resolver::counted));
        }
        resolver.workers.forEach(RuntimeWorker::start);
        return resolver;
    }

    /**
     * Asks for a container; returns at once.
     *
     * @return false if no runtime here could know it, or if too many are being asked for: there will be no answer
     */
    public boolean request(ContainerRuntime runtime, String id) {
        Question question = new Question(runtime, id);
        List<RuntimeWorker> asked = workers.stream()
                .filter(worker -> worker.client().serves(runtime))
                .toList();
        if (asked.isEmpty()) {
            return false;
        }
        if (open.containsKey(question)) {
            return true;
        }
        if (open.size() >= capacity) {
            dropped++;
            return false;
        }
        Ballot ballot = new Ballot(question, asked.size());
        open.put(question, ballot);
        asked.forEach(worker -> worker.ask(ballot));
        return true;
    }

    /** The container is of no interest any more. */
    public void withdraw(ContainerRuntime runtime, String id) {
        Question question = new Question(runtime, id);
        Ballot ballot = open.remove(question);
        if (ballot != null) {
            ballot.close();
            workers.forEach(worker -> worker.withdraw(ballot));
        }
    }

    private void counted(Ballot ballot, Ballot.Outcome outcome, Optional<ContainerMetadata> metadata) {
        switch (outcome) {
            case DECIDED -> answers.add(new Answer(ballot, metadata, true));
            case NOBODY_YET -> answers.add(new Answer(ballot, Optional.empty(), false));
            case NOTHING -> {}
        }
    }

    /** Hands over what was answered since the last call. */
    public void drain(Answers consumer) {
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            Question question = answer.ballot().question();
            // Otherwise it was withdrawn, and perhaps asked anew, after the answer had come.
            if (open.get(question) == answer.ballot()) {
                if (answer.isLast()) {
                    open.remove(question);
                }
                consumer.accept(question.runtime(), question.id(), answer.metadata());
            }
        }
    }

    /** Requests that were turned away because too many were under way. */
    public long dropped() {
        return dropped;
    }

    /** Ends the threads, within a second even if a runtime hangs. */
    @Override
    public void close() {
        workers.forEach(RuntimeWorker::stop);
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        for (RuntimeWorker worker : workers) {
            worker.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
    }
}
