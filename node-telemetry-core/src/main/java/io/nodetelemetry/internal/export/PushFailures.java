package io.nodetelemetry.internal.export;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts failed pushes and logs the first of each cause. Safe for use by several threads. */
final class PushFailures {
    private static final Logger LOG = LoggerFactory.getLogger(OtlpOutlet.class);

    /** Messages of receivers may differ each time; beyond these, failures are only counted. */
    private static final int CAUSES = 16;

    private final URI endpoint;
    private final Set<String> logged = new HashSet<>();
    private long count;

    PushFailures(URI endpoint) {
        this.endpoint = endpoint;
    }

    void add(CompletableResultCode result) {
        Throwable cause = result.getFailureThrowable();
        if (!result.isDone()) {
            add("no answer in time", null);
        } else if (cause == null) {
            add("refused", null);
        } else {
            add(cause);
        }
    }

    void add(Throwable cause) {
        add(cause.toString(), cause);
    }

    private synchronized void add(String cause, @Nullable Throwable thrown) {
        count++;
        if (logged.size() < CAUSES && logged.add(cause)) {
            LOG.warn("OTLP push to {} failed: {}; further failures of this kind are only counted", endpoint, cause);
            LOG.debug("OTLP push failed", thrown);
        }
    }

    synchronized long count() {
        return count;
    }
}
