package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Inotify;

/** Where changes of files are heard of; the kernel's is {@link Inotify}, whose methods these are. */
interface Notices extends AutoCloseable {
    int watch(String path, int mask);

    void unwatch(int watch);

    int read(Inotify.Listener listener);

    void await(long nanos) throws ErrnoException;

    void awaitBell(long nanos) throws ErrnoException;

    void wakeUp();

    @Override
    void close();
}
