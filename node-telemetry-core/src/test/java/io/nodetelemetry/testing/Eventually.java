package io.nodetelemetry.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that another thread, process or the kernel brings about. */
public final class Eventually {
    private static final long PAUSE_MILLIS = 50;

    private Eventually() {}

    /** A check that throws, an {@link AssertionError} as a rule, as long as it does not hold. */
    @FunctionalInterface
    public interface Check {
        /** Returns when the condition holds. */
        void run() throws Exception;
    }

    /**
     * Repeats the check until it holds, and throws what it threw last when the time is over. The check runs once at
     * least, so a test never passes for want of time.
     */
    public static void within(Duration limit, Check check) {
        within(limit, check, () -> true);
    }

    /** The same, but gives up at once when there is no hope any more, such as when the process watched has ended. */
    public static void within(Duration limit, Check check, BooleanSupplier hope) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                check.run();
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            } catch (Exception | AssertionError e) {
                if (System.nanoTime() - deadline >= 0 || !hope.getAsBoolean()) {
                    throw new AssertionError("not within " + limit.toMillis() + " ms: " + e.getMessage(), e);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
