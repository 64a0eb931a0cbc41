package io.nodetelemetry.internal.source.icmp;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import java.io.IOException;

/** Why a request was not sent. */
public enum EchoRefusal {
    /** The process that leads into the namespace ended at that very moment. */
    NAMESPACE_GONE,
    /** A privilege is missing, or the namespace's firewall forbids it. */
    FORBIDDEN,
    /** The namespace has no route there, or no address of that family. */
    UNREACHABLE,
    /** The kernel has no memory, no room in a queue or no file descriptor left. */
    NO_ROOM,
    OTHER;

    static EchoRefusal of(IOException failure) {
        if (failure instanceof ErrnoException failed) {
            return of(failed.errno());
        }
        return failure.getCause() instanceof ErrnoException cause ? of(cause.errno()) : OTHER;
    }

    static EchoRefusal of(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ESRCH -> NAMESPACE_GONE;
            case Errno.EPERM, Errno.EACCES -> FORBIDDEN;
            case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.ENETDOWN, Errno.EADDRNOTAVAIL, Errno.EAFNOSUPPORT ->
                UNREACHABLE;
            case Errno.ENOBUFS, Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE -> NO_ROOM;
            default -> OTHER;
        };
    }
}
