package io.nodetelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A host gets back what it lent: threads, descriptors and kernel memory. */
@RequiresKernel
class OpenAndCloseIT {
    private static final int ROUNDS = 100;
    private static final Duration SOON = Duration.ofMinutes(2);

    @Test
    void twoInstancesOpenedAndClosedAHundredTimesLeaveNothingBehind() throws Exception {
        // What the JDK starts once for good, such as its cleaner thread, is no leak.
        openTwoAndClose();
        Set<Thread> threads = liveThreads();
        List<String> descriptors = descriptors();

        Set<String> bpfObjects = Set.of();
        for (int round = 0; round < ROUNDS; round++) {
            bpfObjects = openTwoAndClose();
        }

        assertThat(bpfObjects).as("BPF objects held while open").isNotEmpty();
        Set<String> ofTheLastRound = bpfObjects;
        Eventually.within(SOON, () -> {
            assertThat(liveThreads()).isSubsetOf(threads);
            assertThat(descriptors()).hasSameSizeAs(descriptors);
            assertThat(bpfObjects()).isEmpty();
            assertThat(ofTheLastRound).noneMatch(OpenAndCloseIT::isInKernel);
        });
    }

    /** What {@code bpfObjects} held while both were open, which they become at the same time. */
    private static Set<String> openTwoAndClose() throws Exception {
        FutureTask<NodeTelemetry> other = new FutureTask<>(OpenAndCloseIT::open);
        Thread opening = Thread.ofPlatform().start(other);
        try (NodeTelemetry first = open();
                NodeTelemetry second = other.get()) {
            opening.join();
            assertThat(first).isNotSameAs(second);
            return bpfObjects();
        }
    }

    private static NodeTelemetry open() {
        return NodeTelemetry.builder().prometheus("127.0.0.1", 0).start();
    }

    private static Set<Thread> liveThreads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static List<String> descriptors() {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.map(entry -> entry.getFileName() + " " + target(entry))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException gone) {
            return "gone";
        }
    }

    /** Kind and id of the BPF objects that this process has descriptors of; proc_pid_fdinfo(5). */
    private static Set<String> bpfObjects() {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fdinfo"))) {
            return entries.flatMap(OpenAndCloseIT::lines)
                    .filter(line -> line.matches("(prog|map|link)_id:\\s+\\d+"))
                    .map(line -> line.replaceFirst("_id:\\s+", " "))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> lines(Path fdinfo) {
        try {
            return Files.readAllLines(fdinfo).stream();
        } catch (NoSuchFileException closedMeanwhile) {
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isInKernel(String object) {
        String[] kindAndId = object.split(" ", 2);
        return Command.run(List.of("bpftool", kindAndId[0], "show", "id", kindAndId[1]))
                        .exitCode()
                == 0;
    }
}
