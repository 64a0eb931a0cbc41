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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DockerLogDirectoryTest {
    @TempDir
    private Path containers = Path.of("");

    private final List<HeldFiles> helds = new ArrayList<>();
    private long nanos;
    private final DockerLogDirectory directory = DockerLogDirectory.open(() -> nanos);

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
        assertThat(directory.watch(containers)).isTrue();
        assertThat(directory.watch(containers)).isTrue();
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
        directory.watch(containers);
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
        directory.watch(containers);
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
        directory.watch(containers);
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
        directory.watch(containers);
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
        directory.watch(containers);
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
        assertThat(directory.watch(data)).isFalse();
        Files.createDirectory(data);
        assertThat(directory.watch(data)).isTrue();
        Files.delete(data);
        told();
        assertThat(directory.watch(data)).isFalse();
        Files.createDirectory(data);
        assertThat(directory.watch(data)).isTrue();
    }

    @Test
    void filesThatALogIsContinuedInAreHeldFromTheFirstOn() throws Exception {
        directory.watch(containers);
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

        List<String> texts = new ArrayList<>();
        try (FileAccess access = new FileAccess(100)) {
            for (Fd file = helds.getFirst().poll();
                    file != null;
                    file = helds.getFirst().poll()) {
                byte[] text = new byte[100];
                texts.add(new String(text, 0, access.read(file, 0, text, 0, text.length), UTF_8));
                file.close();
            }
        }
        // Once as it came, and once more as it was replaced.
        assertThat(texts).containsExactly("first", "first", "second", "second", "third");
        helds.getFirst().close();
        Files.writeString(log, "unread");
        told();
        assertThat(helds.getFirst().poll()).isNull();
    }
}
