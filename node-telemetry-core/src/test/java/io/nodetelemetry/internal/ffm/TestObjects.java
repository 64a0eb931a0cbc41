package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Compiles C for tests with the machine's clang. */
final class TestObjects {
    private TestObjects() {}

    /** The BPF object made of a source among the test resources. */
    static byte[] compile(String source, Path directory) throws IOException, InterruptedException {
        Path c = directory.resolve("source.bpf.c");
        try (var in = TestObjects.class.getResourceAsStream("/bpf/probe/" + source)) {
            assertThat(in).as(source).isNotNull();
            Files.write(c, in.readAllBytes());
        }
        Path object = directory.resolve("object.bpf.o");
        List<String> command = new ArrayList<>(List.of("clang", "-O2", "-g", "-target", "bpfel", "-mcpu=v3"));
        // asm/types.h is not on the search path of the bpf target.
        try (Stream<Path> include = Files.list(Path.of("/usr/include"))) {
            include.filter(path -> path.toString().endsWith("-linux-gnu")).forEach(path -> command.add("-I" + path));
        }
        command.addAll(List.of("-c", c.toString(), "-o", object.toString()));
        assertThat(run(command)).isEmpty();
        return Files.readAllBytes(object);
    }

    /** Runs a command that must succeed and returns what it printed. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s%n%s", command, output).isZero();
        return output;
    }

    static String run(String... command) throws IOException, InterruptedException {
        return run(Arrays.asList(command));
    }
}
