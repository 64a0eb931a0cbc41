package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The agent as a user runs it: the launcher of the built distribution, in a process of its own.
 *
 * <p>It runs on this JVM's JDK and without the {@code OTEL_*} and agent variables that the test's own environment may
 * hold. For one thread.
 */
public final class AgentProcess implements AutoCloseable {
    /**
     * How soon it ends when it is told to: within two seconds where it has a processor to itself. What it must not wait
     * for, such as a receiver that never answers, takes longer than this.
     */
    public static final Duration PROMPTLY = Duration.ofSeconds(8);

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration SCRAPE_LIMIT = Duration.ofSeconds(60);

    /** What the environment of the tests may hold for other programs' sake. */
    private static final Pattern OTHERS_SETTINGS = Pattern.compile("^(OTEL_|NODE_TELEMETRY_|JAVA_OPTS$|LISTEN$)");

    private final Process process;
    private final int port;
    private final Path err;

    private AgentProcess(Process process, int port, Path err) {
        this.process = process;
        this.port = port;
        this.err = err;
    }

    /** Starts the agent on a free port of 127.0.0.1 and waits until it answers a scrape. */
    public static AgentProcess start(String... flags) {
        return start(Map.of(), flags);
    }

    /** The same with variables in its environment. */
    public static AgentProcess start(Map<String, String> environment, String... flags) {
        return startLine(environment, List.of(), flags);
    }

    /**
     * The same by another program, which must become the agent by exec.
     *
     * @param program such as {@code setpriv --bounding-set=-sys_admin}
     */
    public static AgentProcess startBy(List<String> program, String... flags) {
        return startLine(Map.of(), program, flags);
    }

    private static AgentProcess startLine(Map<String, String> environment, List<String> program, String... flags) {
        int port = freePort();
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of(Repository.launcher().toString(), "--listen=127.0.0.1:" + port));
        line.addAll(List.of(flags));
        AgentProcess agent = launchLine(port, environment, line);
        try {
            Eventually.within(START_LIMIT, agent::scrape, agent::isAlive);
        } catch (AssertionError e) {
            agent.close();
            throw new AssertionError(e.getMessage() + "\nthe agent wrote: " + agent.err(), e);
        }
        return agent;
    }

    /** Starts the launcher with these arguments alone, and waits for nothing. */
    public static AgentProcess launch(Map<String, String> environment, String... arguments) {
        List<String> line = new ArrayList<>(List.of(Repository.launcher().toString()));
        line.addAll(List.of(arguments));
        return launchLine(0, environment, line);
    }

    /**
     * Starts the launcher as the last arguments of another program, which must become it by exec, and waits for nothing.
     *
     * @param program such as {@code nsenter --net=/run/netns/x}
     */
    public static AgentProcess launchBy(List<String> program, String... arguments) {
        List<String> line = new ArrayList<>(program);
        line.add(Repository.launcher().toString());
        line.addAll(List.of(arguments));
        return launchLine(0, Map.of(), line);
    }

    /** Options of {@code docker run} that show the distribution at {@code /agent}, with a JDK to run it. */
    public static List<String> dockerOptions() {
        Path distribution = Repository.launcher().resolve("../..").normalize();
        return List.of(
                "--volume", distribution + ":/agent:ro",
                "--volume", System.getProperty("java.home", "") + ":/jdk:ro",
                "--env", "JAVA_HOME=/jdk");
    }

    private static AgentProcess launchLine(int port, Map<String, String> environment, List<String> line) {
        try {
            Path err = Files.createTempFile("nt-agent", ".err");
            err.toFile().deleteOnExit();
            ProcessBuilder builder = new ProcessBuilder(line)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(err.toFile()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
            builder.environment()
                    .keySet()
                    .removeIf(name -> OTHERS_SETTINGS.matcher(name).find());
            builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home", "")));
            builder.environment().putAll(environment);
            Process process = builder.start();
            // A JVM that is killed closes nothing: the hook covers an aborted run of the tests.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new AgentProcess(process, port, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Where it can be scraped, such as {@code 127.0.0.1:23456}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Scrapes it and parses the answer. */
    public Scrape scrape() {
        Answer answer = get("/metrics");
        if (answer.status() != 200) {
            throw new AssertionError("scrape answered " + answer.status() + ": " + answer.body());
        }
        return Scrape.parse(answer.body());
    }

    /**
     * What it answered to a request.
     *
     * @param status HTTP status code
     * @param body as UTF-8
     */
    public record Answer(int status, String body) {}

    /** The answer to a request of one of its pages. */
    public Answer get(String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + address() + path).toURL().openConnection();
            connection.setConnectTimeout((int) SCRAPE_LIMIT.toMillis());
            connection.setReadTimeout((int) SCRAPE_LIMIT.toMillis());
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Answer(status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has this very file open, under whatever path: a log that is deleted before is lost. */
    public void awaitOpen(Path file) {
        Eventually.within(START_LIMIT, () -> {
            Object inode = Files.getAttribute(file, "unix:ino");
            Object device = Files.getAttribute(file, "unix:dev");
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
                if (descriptors.noneMatch(each -> is(each, "unix:ino", inode) && is(each, "unix:dev", device))) {
                    throw new AssertionError("the agent has not opened " + file);
                }
            }
        });
    }

    private static boolean is(Path descriptor, String attribute, Object value) {
        try {
            return value.equals(Files.getAttribute(descriptor, attribute));
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** All it wrote so far, standard output included. */
    public String err() {
        try {
            return new String(Files.readAllBytes(err), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM and returns the exit code; fails when it does not end in time. */
    public int terminate(Duration limit) {
        process.destroy();
        return awaitExit(limit);
    }

    /** Waits until it ends by itself and returns the exit code. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the agent did not end within " + limit.toMillis() + " ms: " + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends it if it still runs. */
    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A port of 127.0.0.1 that nobody listens on, below those that the kernel gives to outgoing connections. */
    public static int freePort() {
        return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(20_000, 32_000))
                .limit(100)
                .filter(AgentProcess::isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free port between 20000 and 32000"));
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port)) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
