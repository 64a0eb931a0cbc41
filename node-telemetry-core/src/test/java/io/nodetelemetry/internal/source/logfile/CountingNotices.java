package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Inotify;
import java.util.HashSet;
import java.util.Set;

/** The kernel's notices, which watches it was asked for, and how often it had too much to tell. */
final class CountingNotices implements Notices {
    private final KernelNotices kernel;
    private final Runnable onWatch;

    /** Those that nobody gave back. */
    final Set<Integer> watches = new HashSet<>();

    int asked;
    int overflows;

    /** @param onWatch called whenever a watch is asked for */
    CountingNotices(Runnable onWatch) throws Exception {
        kernel = new KernelNotices(new Inotify());
        this.onWatch = onWatch;
    }

    @Override
    public int watch(String path, int mask) {
        asked++;
        onWatch.run();
        int watch = kernel.watch(path, mask);
        watches.add(watch);
        return watch;
    }

    @Override
    public void unwatch(int watch) {
        watches.remove(watch);
        kernel.unwatch(watch);
    }

    @Override
    public int read(Inotify.Listener listener) {
        return kernel.read((watch, mask, name) -> {
            overflows += (mask & Inotify.OVERFLOW) != 0 ? 1 : 0;
            listener.changed(watch, mask, name);
        });
    }

    @Override
    public void await(long nanos) throws ErrnoException {
        kernel.await(nanos);
    }

    @Override
    public void awaitBell(long nanos) throws ErrnoException {
        kernel.awaitBell(nanos);
    }

    @Override
    public void wakeUp() {
        kernel.wakeUp();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
