package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.Errno;
import java.io.IOException;

/** A request over netlink came to nothing. The message says which request, and why. */
public abstract sealed class NetlinkException extends IOException {
    private static final long serialVersionUID = 1L;

    private NetlinkException(String message) {
        super(message);
    }

    /** The kernel answered with an errno. */
    public static final class Refused extends NetlinkException {
        private static final long serialVersionUID = 1L;

        private final int errno;

        Refused(String request, int errno) {
            super(request + ": " + Errno.name(errno));
            this.errno = errno;
        }

        /** The error number, positive; see the constants of {@link Errno}. */
        public int errno() {
            return errno;
        }
    }

    /** The kernel had more to say than the socket's buffer holds, and dropped messages ({@code ENOBUFS}). */
    public static final class Overflow extends NetlinkException {
        private static final long serialVersionUID = 1L;

        Overflow(String request) {
            super(request + ": the kernel dropped messages, the socket's receive buffer is full (ENOBUFS)");
        }
    }

    /** A datagram was longer than our buffer, and is lost. */
    public static final class Truncated extends NetlinkException {
        private static final long serialVersionUID = 1L;

        Truncated(String request, String detail) {
            super(request + ": " + detail);
        }
    }

    /** No answer, or not all of it, came in time. */
    public static final class TimedOut extends NetlinkException {
        private static final long serialVersionUID = 1L;

        TimedOut(String request, long millis) {
            super(request + ": no answer within " + millis + " ms");
        }
    }

    /** What was dumped changed meanwhile, each time we tried: entries may be missing or twice there. */
    public static final class Inconsistent extends NetlinkException {
        private static final long serialVersionUID = 1L;

        Inconsistent(String request, int attempts) {
            super(request + ": what is listed changed during each of " + attempts + " attempts");
        }
    }

    /** What was received is not what the protocol says. */
    public static final class Malformed extends NetlinkException {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super("malformed netlink message: " + what);
        }
    }
}
