package io.nodetelemetry.internal.ffm;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A system or library call failed with an errno: {@code open /x: EACCES}, with a hint after a dash where we have one. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    ErrnoException(String call, int errno) {
        this(call, errno, null);
    }

    ErrnoException(String call, int errno, @Nullable String hint) {
        super(call + ": " + Errno.name(errno) + (hint == null || hint.isEmpty() ? "" : " - " + hint));
        this.call = call;
        this.errno = errno;
    }

    /** The call and its subject, such as {@code open /sys/fs/cgroup}. */
    public String call() {
        return call;
    }

    /** The error number, positive; see the constants of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
