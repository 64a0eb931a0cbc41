package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandLineTest {
    private static CommandLine parse(String text) {
        return CommandLine.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void wordsEndWithANul() {
        assertThat(parse("/usr/bin/redis-server\0--port\0006379\0").words())
                .containsExactly("/usr/bin/redis-server", "--port", "6379");
        assertThat(parse("a\0\0b").words()).containsExactly("a", "", "b");
    }

    @Test
    void kernelThreadsAndZombiesHaveNoWords() {
        assertThat(parse("").words()).isEmpty();
        assertThat(parse("\0\0\0").words()).isEmpty();
        assertThat(parse("").program()).isEmpty();
    }

    @Test
    void programIsTheFirstWord() {
        assertThat(parse("/usr/sbin/mysqld\0--user=mysql\0").program()).isEqualTo("/usr/sbin/mysqld");
    }

    @Test
    void programThatShowsItsRoleIsKnownByWhatStandsBeforeIt() {
        assertThat(parse("nginx: master process nginx -g daemon off;\0").program())
                .isEqualTo("nginx");
        assertThat(parse("postgres: 15/main: checkpointer \0\0\0\0").program()).isEqualTo("postgres");
        assertThat(parse("redis-server *:6379\0").program()).isEqualTo("redis-server");
        assertThat(parse("php-fpm: pool www").program()).isEqualTo("php-fpm");
        assertThat(parse(":\0").program()).isEmpty();
        assertThat(parse(" x\0").program()).isEmpty();
    }

    @Test
    void textIsFoundInAnyWord() {
        CommandLine line = parse("java\0-cp\0/a.jar:/b.jar\0kafka.Kafka\0server.properties\0");

        assertThat(line.contains("kafka.Kafka")).isTrue();
        assertThat(line.contains("/b.jar")).isTrue();
        assertThat(line.contains("java -cp")).isFalse();
    }

    @Test
    void bytesThatAreNotUtf8AreReplaced() {
        assertThat(CommandLine.parse(new byte[] {'a', (byte) 0xff, 0, 'b'}).words())
                .containsExactly("a\ufffd", "b");
    }

    @Test
    void anyBytesAreALine() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            CommandLine line = CommandLine.parse(bytes);
            assertThat(line.program()).doesNotContain(" ");
        }
    }

    @Test
    void ownLineIsReadAndThatOfNobodyIsAbsent(@TempDir Path empty) throws IOException {
        int self = Math.toIntExact(ProcessHandle.current().pid());

        assertThat(CommandLine.parse(CommandLine.read(Path.of("/proc"), self).orElseThrow())
                        .program())
                .endsWith("java");
        assertThat(CommandLine.read(empty, self)).isEmpty();
    }

    @Test
    void longLineIsReadAsFarAsTheMainClassOfAServer(@TempDir Path proc) throws IOException {
        Files.createDirectory(proc.resolve("7"));
        Files.writeString(proc.resolve("7/cmdline"), "java\0-cp\0" + "/x.jar:".repeat(4_000) + "\0kafka.Kafka\0");

        byte[] line = CommandLine.read(proc, 7).orElseThrow();

        assertThat(CommandLine.parse(line).contains("kafka.Kafka")).isTrue();
    }

    @Test
    void executableIsAPathAndAFile() throws IOException {
        Path proc = Path.of("/proc");
        int self = Math.toIntExact(ProcessHandle.current().pid());

        assertThat(Executable.path(proc, self))
                .isEqualTo(ProcessHandle.current().info().command());
        try (var file = Executable.open(proc, self).orElseThrow()) {
            assertThat(file.size()).isPositive();
        }
    }

    @Test
    void deletedExecutableHasThePathThatItHad(@TempDir Path proc) throws IOException {
        Files.createDirectory(proc.resolve("7"));
        Files.createSymbolicLink(proc.resolve("7/exe"), Path.of("/usr/bin/python3.11 (deleted)"));

        assertThat(Executable.path(proc, 7)).contains("/usr/bin/python3.11");
        assertThat(Executable.path(proc, 8)).isEmpty();
        assertThat(Executable.open(proc, 8)).isEmpty();
    }
}
