package io.nodetelemetry.internal.collectors.logs;

/** One container whose logs are read, and where they are counted. For the thread that reads logs. */
final class LogBearer {
    private final LineBudget budget;
    private LogAccount account;

    LogBearer(LineBudget budget, LogAccount account) {
        this.budget = budget;
        this.account = account;
        account.borne();
    }

    LineBudget budget() {
        return budget;
    }

    /** Another one once the container has got its id. */
    LogAccount account() {
        return account;
    }

    void account(LogAccount other) {
        account = other;
        other.borne();
    }
}
