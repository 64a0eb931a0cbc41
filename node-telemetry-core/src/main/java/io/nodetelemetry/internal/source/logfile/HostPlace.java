package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.internal.ffm.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A log of the host's: its path is trusted. */
final class HostPlace extends Place {
    private static final int MAX_LINKS = 8;

    private final Path path;

    HostPlace(LogFileLocation.OnHost where, Bench bench) {
        super(bench);
        path = where.path();
    }

    @Override
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        Path at = path;
        paths.add(at.toString());
        try {
            while (paths.size() <= MAX_LINKS && Files.isSymbolicLink(at)) {
                at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
                paths.add(at.toString());
            }
        } catch (IOException _) {
            // It is no link any more: what stands there instead is seen when it is opened.
        }
        return paths;
    }

    @Override
    boolean isOfRuntime() {
        return true;
    }

    @Override
    Fd findAt(String absolute) throws ErrnoException {
        return bench.access.find(absolute);
    }

    @Override
    public void close() {}
}
