package io.nodetelemetry.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A systemd-journald of the tests' own, in a mount namespace whose {@code /run} and {@code /var/log} are its own. Who is
 * to read its files as those of the machine has to be in that namespace.
 */
public final class JournalDaemon implements AutoCloseable {
    private final TestComponent component;

    private JournalDaemon(String... options) {
        component = TestComponent.start("journald.sh", options);
    }

    /** One whose files are below {@code /run/log/journal}. */
    public static JournalDaemon start() {
        return new JournalDaemon();
    }

    /** Where it takes datagrams of its native protocol; can be reached from everywhere. */
    public Path socket() {
        return Path.of(component.property("SOCKET"));
    }

    /** Where it takes what syslog(3) sends. */
    public Path syslogSocket() {
        return Path.of(component.property("SYSLOG"));
    }

    /** What its namespace has in the place of {@code /run}. */
    public Path run() {
        return Path.of(component.property("RUN"));
    }

    /** Words that run the command behind them in its namespace, by exec. */
    public List<String> entering() {
        return List.of("nsenter", "--mount=" + component.property("NAMESPACE"), "--");
    }

    /** Runs a command in its namespace to the end, which has to be exit code 0; its standard output. */
    public String enter(String... command) {
        return component.call("enter", command);
    }

    /** Has it begin new files. */
    public void rotate() {
        enter("journalctl", "--rotate");
    }

    /** Has it copy what is below {@code /run} to {@code /var/log/journal}, and write there from now on. */
    public void flush() {
        component.call("flush");
    }

    /** Ends it by SIGKILL. */
    public void kill() {
        component.call("kill");
    }

    /** Starts it again after {@link #kill()}. */
    public void resume() {
        List<String> line = new ArrayList<>();
        line.add(Repository.root().resolve("scripts/test/journald.sh").toString());
        line.addAll(List.of("start", component.property("DIR")));
        Command.run(line, Map.of(), Duration.ofMinutes(3)).succeeded();
    }

    /** The messages that its files hold of a unit, as its own client reads them. */
    public Stream<String> messages(String unit) {
        enter("journalctl", "--sync");
        return enter("journalctl", "--quiet", "--output=cat", "_SYSTEMD_UNIT=" + unit)
                .lines();
    }

    @Override
    public void close() {
        component.close();
    }
}
