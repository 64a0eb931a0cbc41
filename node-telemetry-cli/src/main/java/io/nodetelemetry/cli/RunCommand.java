package io.nodetelemetry.cli;

import io.nodetelemetry.NodeTelemetry;
import io.nodetelemetry.NodeTelemetryBuilder;
import io.nodetelemetry.NodeTelemetryException;
import java.io.PrintStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The agent as a process: starts it, and stops it when a signal comes.
 *
 * <p>The JVM would end with 143 after SIGTERM. To an init system a stop that was asked for is a success, so the shutdown
 * hook closes the agent and halts with 0 itself.
 */
final class RunCommand {
    /** The promise is 2 s; closing has a limit of its own, and this one holds if that fails. */
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(1_800);

    private final PrintStream err;
    private final AtomicReference<@Nullable NodeTelemetry> running = new AtomicReference<>();

    RunCommand(PrintStream err) {
        this.err = err;
    }

    /** Returns only if the agent could not be started. */
    int run(NodeTelemetryBuilder builder) {
        Thread hook = new Thread(this::stop, "nodetelemetry-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            running.set(builder.start());
            new CountDownLatch(1).await();
        } catch (NodeTelemetryException e) {
            // The library does not know flags; what fails on a socket at the start is the port to scrape.
            String flag = e.getCause() instanceof SocketException ? "; the flag is --listen=HOST:PORT" : "";
            err.println("node-telemetry: cannot run: " + e.getMessage() + flag);
        } catch (InterruptedException | RuntimeException e) {
            err.println("node-telemetry: cannot run: " + e
                    + "; this is a fault of the program, --log-level=debug shows more");
            System.getLogger("io.nodetelemetry.cli").log(System.Logger.Level.DEBUG, "Start failed", e);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came meanwhile: its hook ends the process.
        }
        return ExitCode.CANNOT_RUN;
    }

    private void stop() {
        NodeTelemetry telemetry = running.getAndSet(null);
        if (telemetry != null) {
            Thread closing =
                    Thread.ofPlatform().daemon().name("nodetelemetry-close").start(telemetry::close);
            try {
                if (!closing.join(CLOSE_LIMIT)) {
                    err.println("node-telemetry: closing took longer than " + CLOSE_LIMIT.toMillis()
                            + " ms and was given up; the kernel frees what is left");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Runtime.getRuntime().halt(ExitCode.OK);
    }
}
