package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.HeldFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Logs that a test begins. */
final class FakeNewLogs implements NewLogs {
    final Queue<NewDockerLog> logs = new ArrayDeque<>();
    final List<Path> listened = new ArrayList<>();
    final List<Path> held = new ArrayList<>();

    @Override
    public @Nullable NewDockerLog nextNewLog() {
        return logs.poll();
    }

    @Override
    public HeldFiles hold(Path log) {
        held.add(log);
        return new HeldFiles(new HeldFiles.Room(1));
    }

    @Override
    public void listenTo(Path containers) {
        listened.add(containers);
    }
}
