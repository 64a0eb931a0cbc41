package io.nodetelemetry.internal.collectors.logs;

import org.jspecify.annotations.Nullable;

/** A source of a container's logs, and where it is counted. For the thread that reads logs. */
final class LogSource {
    private final LogBearer bearer;
    private final String name;
    private @Nullable LogAccount account;
    private @Nullable SourceCounts counts;

    /** @param name as shown in the label {@code source} */
    LogSource(LogBearer bearer, String name) {
        this.bearer = bearer;
        this.name = name;
    }

    LineBudget budget() {
        return bearer.budget();
    }

    /** Others once the container has got its id. */
    SourceCounts counts() {
        LogAccount now = bearer.account();
        SourceCounts known = counts;
        if (known == null || account != now) {
            known = now.source(name);
            counts = known;
            account = now;
        }
        return known;
    }
}
