package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Inotify;

/** What the kernel tells. */
record KernelNotices(Inotify inotify) implements Notices {
    @Override
    public int watch(String path, int mask) {
        return inotify.watch(path, mask);
    }

    @Override
    public void unwatch(int watch) {
        inotify.unwatch(watch);
    }

    @Override
    public int read(Inotify.Listener listener) {
        return inotify.read(listener);
    }

    @Override
    public void await(long nanos) throws ErrnoException {
        inotify.await(nanos);
    }

    @Override
    public void awaitBell(long nanos) throws ErrnoException {
        inotify.awaitBell(nanos);
    }

    @Override
    public void wakeUp() {
        inotify.wakeUp();
    }

    @Override
    public void close() {
        inotify.close();
    }
}
