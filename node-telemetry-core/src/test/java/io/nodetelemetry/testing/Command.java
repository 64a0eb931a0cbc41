package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a program did that was run to its end.
 *
 * @param line the command line
 * @param exitCode its exit code
 * @param out its standard output
 * @param err its standard error
 */
public record Command(List<String> line, int exitCode, String out, String err) {
    /** Runs a program for at most two minutes; standard input is empty. */
    public static Command run(List<String> line) {
        return run(line, Map.of(), Duration.ofMinutes(2));
    }

    /**
     * Runs a program; standard input is empty.
     *
     * @param environment added to this process's own
     * @param limit after which it is killed and the call fails
     */
    public static Command run(List<String> line, Map<String, String> environment, Duration limit) {
        // Files rather than pipes: a server left behind by a script would keep a pipe open, and the reader waiting.
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile("nt-command", ".out");
            err = Files.createTempFile("nt-command", ".err");
            ProcessBuilder builder = new ProcessBuilder(line)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", line) + " did not end within " + limit.toSeconds() + " s: "
                        + text(out) + text(err));
            }
            return new Command(line, process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", line), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            delete(out);
            delete(err);
        }
    }

    /** Itself if the exit code was 0; fails with all it wrote otherwise. */
    public Command succeeded() {
        if (exitCode != 0) {
            throw new AssertionError(String.join(" ", line) + " ended with " + exitCode + "\n" + out + err);
        }
        return this;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
