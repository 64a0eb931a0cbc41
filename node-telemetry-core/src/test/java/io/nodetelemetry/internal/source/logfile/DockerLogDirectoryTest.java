package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.FileAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DockerLogDirectoryTest {
    @TempDir
    private Path containers = Path.of("");

    private final List<HeldFiles> helds = new ArrayList<>();
    private long nanos;
    private final DockerLogDirectory directory = DockerLogDirectory.open(new HeldFiles.Room(100), () -> nanos);

    DockerLogDirectoryTest() throws IOException {}

    @AfterEach
    void close() {
        helds.forEach(HeldFiles::close);
        directory.close();
    }

    private static String id(int number) {
        return "%064x".formatted(number);
    }

    private Path make(String id) throws IOException {
        return Files.createDirectory(containers.resolve(id));
    }

    private Path log(String id) throws IOException {
        return Files.createFile(containers.resolve(id).resolve(id + "-json.log"));
    }

    private Map<String, Path> told() {
        Map<String, Path> told = new LinkedHashMap<>();
        directory.read((id, file, held) -> {
            assertThat(told.put(id, file)).isNull();
            helds.add(held);
        });
        return told;
    }

    @Test
    void logIsToldWhetherItComesWithItsDirectoryOrLater() throws IOException {
        make(id(1));
        log(id(1));
        assertThat(directory.watch(containers, Instant.MAX)).isTrue();
        assertThat(directory.watch(containers, Instant.MAX)).isTrue();
        assertThat(told()).isEmpty();

        make(id(2));
        Path second = log(id(2));
        make(id(3));
        assertThat(told()).isEqualTo(Map.of(id(2), second));

        Path third = log(id(3));
        Files.createFile(third.resolveSibling("config.v2.json"));
        assertThat(told()).isEqualTo(Map.of(id(3), third));
        assertThat(told()).isEmpty();
    }

    @Test
    void rotatedLogAndOtherFilesAreNone() throws IOException {
        directory.watch(containers, Instant.MAX);
        Path made = make(id(1));
        assertThat(told()).isEmpty();
        Files.createFile(made.resolve(id(1) + "-json.log.1"));
        Files.createFile(made.resolve("json.log"));
        make("network");
        assertThat(told()).isEmpty();
        Path log = log(id(1));
        assertThat(told()).isEqualTo(Map.of(id(1), log));
        Files.move(log, made.resolve(log.getFileName() + ".2"));
        log(id(1));
        assertThat(told()).isEmpty();
    }

    @Test
    void containerThatIsGoneBeforeAnybodyLooksIsNone() throws IOException {
        directory.watch(containers, Instant.MAX);
        Path log = containers.resolve(id(1)).resolve(id(1) + "-json.log");
        make(id(1));
        log(id(1));
        Files.delete(log);
        Files.delete(log.getParent());

        assertThat(told()).isEmpty();
        assertThat(directory.dropped()).isZero();
    }

    @Test
    void waitingEndsWithTheFirstChange() throws IOException {
        directory.watch(containers, Instant.MAX);
        make(id(1));
        log(id(1));
        long before = System.nanoTime();

        directory.await(Duration.ofMinutes(1));
        directory.wakeUp();
        told();
        directory.await(Duration.ofMinutes(1));

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before)).isLessThan(30);
    }

    @Test
    void containersWithoutALogAreLetGoAfterAWhile() throws IOException {
        directory.watch(containers, Instant.MAX);
        make(id(1));
        told();
        nanos += DockerLogDirectory.PATIENCE.toNanos();
        told();
        log(id(1));

        assertThat(told()).isEmpty();
        assertThat(directory.dropped()).isZero();
    }

    @Test
    void noMoreContainersAreWaitedForThanThereIsRoom() throws IOException {
        directory.watch(containers, Instant.MAX);
        for (int i = 0; i <= DockerLogDirectory.MAX_WAITING; i++) {
            make(id(i));
        }
        told();
        assertThat(directory.dropped()).isEqualTo(1);

        List<String> begun = new ArrayList<>();
        for (int i = 0; i <= DockerLogDirectory.MAX_WAITING; i++) {
            log(id(i));
            begun.add(id(i));
        }

        assertThat(told().keySet()).containsExactlyElementsOf(begun.subList(1, begun.size()));
    }

    @Test
    void directoryThatIsNotThereOrGoesCanBeWatchedLater() throws IOException {
        Path data = containers.resolve("data");
        assertThat(directory.watch(data, Instant.MAX)).isFalse();
        Files.createDirectory(data);
        assertThat(directory.watch(data, Instant.MAX)).isTrue();
        Files.delete(data);
        told();
        assertThat(directory.watch(data, Instant.MAX)).isFalse();
        Files.createDirectory(data);
        assertThat(directory.watch(data, Instant.MAX)).isTrue();
    }

    @Test
    void filesThatALogIsContinuedInAreHeldFromTheFirstOn() throws Exception {
        directory.watch(containers, Instant.MAX);
        make(id(1));
        Path log = log(id(1));
        Files.writeString(log, "first");
        told();
        for (String next : List.of("second", "third")) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(log, next);
            assertThat(told()).isEmpty();
        }
        Files.move(log, log.resolveSibling("gone"));

        List<String> texts = texts(helds.getFirst()::poll);
        assertThat(texts).containsExactly("first", "second", "third");
        helds.getFirst().close();
        Files.writeString(log, "unread");
        told();
        assertThat(helds.getFirst().poll()).isNull();
    }

    private static List<String> texts(Supplier<@Nullable Fd> files) throws IOException {
        List<String> texts = new ArrayList<>();
        try (FileAccess access = new FileAccess(100)) {
            for (Fd file = files.get(); file != null; file = files.get()) {
                byte[] text = new byte[100];
                texts.add(new String(text, 0, access.read(file, 0, text, 0, text.length), UTF_8));
                file.close();
            }
        }
        return texts;
    }

    /** What is heard of late has another name by then, or is packed. */
    @Test
    void eachFileOfALogIsHeldOnceUnderWhateverNameItIsFound() throws Exception {
        directory.watch(containers, Instant.MAX);
        make(id(1));
        Path log = log(id(1));
        told();
        assertThat(texts(helds.getFirst()::poll)).containsExactly("");
        for (int i = 1; i <= 3; i++) {
            for (int k = 3; k > 0; k--) {
                Path older = k == 1 ? log : beside(log, "." + (k - 1));
                if (Files.exists(older)) {
                    Files.move(older, beside(log, "." + k));
                }
            }
            Files.writeString(log, "file " + i);
        }
        Files.createFile(beside(log, ".4.tmp"));
        Files.writeString(beside(log, ".2.gz"), "packed 2");
        Files.writeString(beside(log, ".1.gz"), "packed 1");
        Files.move(beside(log, ".2.gz"), beside(log, ".3.gz"));
        told();

        assertThat(texts(helds.getFirst()::poll)).containsExactlyInAnyOrder("file 1", "file 2", "file 3");
        assertThat(texts(helds.getFirst()::pollPacked)).containsExactlyInAnyOrder("packed 1", "packed 2");
    }

    private static Path beside(Path log, String end) {
        return log.resolveSibling(log.getFileName() + end);
    }

    @Test
    void filesOfALogThatIsReadAlreadyAreHeldFromThenOn() throws Exception {
        make(id(1));
        Path log = log(id(1));
        Files.writeString(log, "before");
        HeldFiles held = new HeldFiles(new HeldFiles.Room(10));
        helds.add(held);
        directory.hold(log, held);
        told();
        assertThat(held.poll()).isNull();

        // That its directory is watched, too, makes no other log of it.
        directory.watch(containers, Instant.MIN);
        Files.move(log, beside(log, ".1"));
        Files.writeString(log, "after");
        assertThat(told()).isEmpty();

        assertThat(texts(held::poll)).containsExactlyInAnyOrder("before", "after");
    }

    @Test
    void containersThatWereMadeSinceAMomentAreToldOfOnce() throws Exception {
        make(id(1));
        log(id(1));
        make(id(2));
        make("network");
        directory.watch(containers, Instant.MIN);
        assertThat(told().keySet()).containsExactly(id(1));
        Path second = log(id(2));
        assertThat(told()).isEqualTo(Map.of(id(2), second));
        assertThat(told()).isEmpty();
    }

    @Test
    void logsThatNobodyReadsAreNotWatchedAnyMore() throws Exception {
        directory.watch(containers, Instant.MAX);
        make(id(1));
        Path log = log(id(1));
        told();
        assertThat(directory.kept()).isEqualTo(1);
        helds.getFirst().close();
        nanos += TimeUnit.SECONDS.toNanos(1);
        told();
        assertThat(directory.kept()).isZero();
        Files.move(log, beside(log, ".1"));
        assertThat(told()).isEmpty();
    }
}
