package io.nodetelemetry.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.ContainerRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CgroupClassifierTest {
    private static final String A = "3f1c5ba0d9e2".repeat(6).substring(0, 64);
    private static final String B = "0123456789abcdef".repeat(4);

    static Stream<Arguments> cases() {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/cgroupfs/classification/cases.tsv"))) {
            return lines
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replace("{a}", A).replace("{b}", B).split("\t", -1))
                    .map(columns -> Arguments.of(columns[1], columns[2], columns[3]))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void pathTellsWhatTheCgroupIs(String path, String what, String id) {
        Classification expected = switch (what) {
            case "ROOT" -> Classification.Unreported.ROOT;
            case "STANDALONE" -> Classification.Unreported.STANDALONE;
            default -> Classification.contained(ContainerRuntime.valueOf(what), id);
        };

        assertThat(CgroupClassifier.classify(new CgroupPath(path))).isEqualTo(expected);
    }

    @Test
    void anyPathIsClassified() {
        Random random = new Random(42);
        String[] pieces = {
            "docker",
            "-",
            "/",
            A,
            B,
            ".scope",
            ".slice",
            ".service",
            "kubepods",
            "lxc",
            "libpod",
            "\\x2d",
            ":",
            "\n",
            "system",
            "crio",
            "cri-containerd",
            "\uFFFD",
            " ",
            ".",
            "payload",
            "conmon"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(8); n > 0; n--) {
                path.append(pieces[random.nextInt(pieces.length)]);
            }
            Classification found = CgroupClassifier.classify(new CgroupPath(path.toString()));
            found.container()
                    .ifPresent(key -> assertThat(key.pathDerivedId().value()).startsWith("/"));
        }
    }

    @Test
    void longPathIsClassifiedInReasonableTime() {
        String path = "/x".repeat(2_048);

        assertThat(CgroupClassifier.classify(new CgroupPath(path)))
                .isEqualTo(Classification.contained(ContainerRuntime.OTHER, path));
    }
}
