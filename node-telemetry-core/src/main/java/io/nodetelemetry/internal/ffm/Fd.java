package io.nodetelemetry.internal.ffm;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file descriptor that we opened and must close. Safe for threads to share; yet closing it under a thread that is
 * still using its number is an error of the caller, as the kernel may hand the number out again.
 */
public final class Fd implements AutoCloseable {
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    Fd(int number) {
        this.number = number;
    }

    /** The number as the kernel knows it. */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("file descriptor " + number + " is closed");
        }
        return number;
    }

    /** Closes it the first time and does nothing after that. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            // Linux has released the number even when close(2) reports an error: there is nothing to repeat or repair.
            Libc.close(number);
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
