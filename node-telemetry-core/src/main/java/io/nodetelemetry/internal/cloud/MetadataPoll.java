package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one cloud's metadata service on a thread of its own: later and later until it answers, as it may come up after us,
 * and then once an hour, as a public address can be given to a running machine.
 *
 * <p>What was learned once stays while the service is away. Safe for use by several threads.
 */
public final class MetadataPoll implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataPoll.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final int MAX_CAUSES = 16;
    /** A machine that boots has no network for some seconds: nothing to warn of. */
    private static final int FAILURES_BEFORE_WARNING = 3;

    private final CloudProvider provider;
    private final Config config;
    private final List<URI> endpoints;
    private final MetadataSource source;
    private final Thread thread;
    private final Set<String> causes = new HashSet<>();
    private int failures;
    private volatile @Nullable MetadataExchange exchange;
    private volatile boolean closed;
    private volatile CloudFacts facts;
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * How it asks.
     *
     * @param endpoints scheme, host and port of the service, tried in this order; empty: the provider's own
     * @param allowImdsV1 whether AWS may be asked without a token
     * @param attempt time for one round of questions, all of them together
     * @param firstRetry after the first failure; doubles with each further one
     * @param lastRetry the longest time between two tries
     * @param refresh from an answer to the next round
     */
    public record Config(
            List<URI> endpoints,
            boolean allowImdsV1,
            Duration attempt,
            Duration firstRetry,
            Duration lastRetry,
            Duration refresh) {
        /** The provider's own service, asked as it recommends. */
        public static final Config DEFAULT = new Config(
                List.of(),
                false,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofHours(1));

        /** The same at another address. */
        public Config withEndpoint(Optional<URI> other) {
            return new Config(
                    other.map(List::of).orElse(List.of()), allowImdsV1, attempt, firstRetry, lastRetry, refresh);
        }

        /** The same with another rule for AWS. */
        public Config withImdsV1(boolean allowed) {
            return new Config(endpoints, allowed, attempt, firstRetry, lastRetry, refresh);
        }
    }

    private MetadataPoll(CloudProvider provider, Config config) {
        this.provider = provider;
        this.config = config;
        source = provider.source(config.allowImdsV1());
        endpoints = config.endpoints().isEmpty() ? source.endpoints() : config.endpoints();
        facts = CloudFacts.of(provider);
        thread = Thread.ofPlatform().name("nodetelemetry-cloud").daemon().unstarted(this::run);
    }

    /** Starts asking; returns at once. */
    public static MetadataPoll start(CloudProvider provider, Config config) {
        MetadataPoll poll = new MetadataPoll(provider, config);
        poll.thread.start();
        return poll;
    }

    /** What is known so far: the provider at least. */
    public CloudFacts facts() {
        return facts;
    }

    /** Why facts are missing, and what to do about it; empty if none is, or nothing was asked yet. */
    public Optional<String> trouble() {
        return trouble;
    }

    private void run() {
        Duration delay = config.firstRetry();
        try {
            while (true) {
                if (attempt()) {
                    delay = config.firstRetry();
                    Thread.sleep(config.refresh());
                } else {
                    Thread.sleep(delay);
                    Duration doubled = delay.multipliedBy(2);
                    delay = doubled.compareTo(config.lastRetry()) < 0 ? doubled : config.lastRetry();
                }
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    /** Asks at all addresses until one answers, in shares of the time. */
    private boolean attempt() throws InterruptedException {
        String reason = "";
        Duration share = config.attempt().dividedBy(endpoints.size());
        for (URI endpoint : endpoints) {
            MetadataAnswers answers = new MetadataAnswers();
            reason = ask(endpoint, share, answers)
                    .map(words -> endpoint + ": " + words)
                    .orElse("");
            if (closed) {
                throw new InterruptedException("closed");
            }
            facts = facts.overriddenBy(answers.facts());
            if (reason.isEmpty()) {
                // Also forgets what the service no longer says.
                facts = CloudFacts.of(provider).overriddenBy(answers.facts());
                failures = 0;
                trouble = Optional.empty();
                return true;
            }
        }
        failures++;
        complain(reason);
        return false;
    }

    private Optional<String> ask(URI endpoint, Duration limit, MetadataAnswers answers) {
        try (MetadataExchange service = new MetadataExchange(endpoint, limit)) {
            exchange = service;
            if (closed) {
                return Optional.empty();
            }
            source.read(service, answers);
            return answers.trouble();
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} metadata at {}", provider.label(), endpoint, e);
            return Optional.of(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    /** Once per distinct cause; the set is bounded as causes may hold anything. */
    private void complain(String reason) {
        String message = "the metadata service of " + provider.label() + " does not tell all (" + reason
                + "); enable it for this instance and let the agent reach it, in a container over the host's network";
        trouble = Optional.of(message);
        if (failures >= FAILURES_BEFORE_WARNING && causes.size() < MAX_CAUSES && causes.add(reason)) {
            LOG.warn("What is not known of the cloud stays empty: {}", message);
        } else {
            LOG.debug("What is not known of the cloud stays empty: {}", message);
        }
    }

    /** Ends the thread, in the middle of a question too; takes half a second at most. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            MetadataExchange waiting = exchange;
            if (waiting != null) {
                waiting.close();
            }
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("The connection to the metadata service did not close cleanly", e);
        }
    }
}
