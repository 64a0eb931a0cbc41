package io.nodetelemetry.internal.source.journal;

import io.nodetelemetry.testing.JournalDaemon;
import io.nodetelemetry.testing.TestCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real journald in directories of its own, and programs in a cgroup that write to it. */
final class Journald implements AutoCloseable {
    /** How a program reaches it. */
    enum Way {
        NATIVE("for i in $(seq %d); do printf 'MESSAGE=%s-%%s\\nPRIORITY=3\\n' $i | logger --journald; done"),
        SYSLOG("seq %d | sed s/^/%s-/ | logger --socket /run/systemd/journal/dev-log --tag it"),
        STDOUT("seq %d | sed s/^/%s-/ | systemd-cat --identifier it cat"),

        /** The process is there for long enough that journald finds out what it is. */
        SLOW_STDOUT("{ seq %d | sed s/^/%s-/; sleep 2; } | systemd-cat --identifier it cat");

        private final String script;

        Way(String script) {
            this.script = script;
        }
    }

    private final JournalDaemon daemon = JournalDaemon.start();
    private final TestCgroup cgroup = TestCgroup.create("journal");

    JournalDaemon daemon() {
        return daemon;
    }

    JournalReader reader(boolean fromBeginning) {
        return reader(
                new JournalSettings.Home(
                        daemon.run().resolve("log/journal"), daemon.run().resolveSibling("log/journal")),
                fromBeginning);
    }

    static JournalReader reader(JournalSettings.Home home, boolean fromBeginning) {
        return JournalReader.open(
                new JournalSettings(List.of(home), Path.of("/proc/sys/kernel/random/boot_id"), fromBeginning));
    }

    /** Where the machine's files are until they are flushed. */
    Path volatileDirectory() throws IOException {
        try (Stream<Path> machines = Files.list(daemon.run().resolve("log/journal"))) {
            return machines.findFirst().orElseThrow();
        }
    }

    /** The path of the cgroup in which {@link #write} runs. */
    String cgroup() {
        return cgroup.path();
    }

    /** Writes entries {@code <name>-1} to {@code <name>-<count>}, and waits until they are in the journal. */
    void write(Way way, String name, int count) throws IOException, InterruptedException {
        Process writer = begin(way, name, count);
        if (writer.waitFor() != 0) {
            throw new IllegalStateException("the writer failed: " + way);
        }
        daemon.enter("journalctl", "--sync");
    }

    /** The same without waiting for anything. */
    Process begin(Way way, String name, int count) throws IOException {
        Path script = Files.createTempFile("journal-writer", ".sh");
        script.toFile().deleteOnExit();
        Files.writeString(script, way.script.formatted(count, name));
        List<String> line = new ArrayList<>(daemon.entering());
        line.addAll(List.of("sh", script.toString()));
        return cgroup.start(String.join(" ", line));
    }

    @Override
    public void close() {
        daemon.close();
        cgroup.close();
    }
}
