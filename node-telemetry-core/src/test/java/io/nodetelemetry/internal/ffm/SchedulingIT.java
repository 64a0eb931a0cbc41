package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@Requires(HostFeature.ROOT)
final class SchedulingIT {
    /** Fields of proc_pid_stat(5) after the name of the program, which is the second one. */
    private static final int NICE = 19 - 3;

    private static final int POLICY = 41 - 3;

    /** What the kernel says of a thread that runs this, before and after; and of one that such a thread starts. */
    private record Seen(List<String> before, List<String> after, List<String> child) {}

    @Test
    void oneThreadIsHastenedAndNoneThatItStarts() throws Exception {
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        Thread hastened = new Thread(() -> {
            try {
                List<String> before = stat();
                Scheduling.hasten();
                List<String> after = stat();
                CompletableFuture<List<String>> child = new CompletableFuture<>();
                Thread.ofPlatform().start(() -> child.completeAsync(SchedulingIT::stat, Runnable::run));
                seen.complete(new Seen(before, after, child.get(10, TimeUnit.SECONDS)));
            } catch (Exception e) {
                seen.completeExceptionally(e);
            }
        });
        hastened.start();
        Seen stats = seen.get(20, TimeUnit.SECONDS);

        assertThat(stats.before().get(POLICY)).isEqualTo("0");
        // Real time, or where cgroups have no share of it the lowest niceness.
        assertThat(List.of(stats.after().get(POLICY), stats.after().get(NICE)))
                .isIn(List.of("2", stats.before().get(NICE)), List.of("0", "-20"));
        assertThat(stats.child().get(POLICY)).isEqualTo("0");
    }

    private static List<String> stat() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
