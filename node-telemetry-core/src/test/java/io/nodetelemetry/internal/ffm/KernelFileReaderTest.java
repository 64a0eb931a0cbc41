package io.nodetelemetry.internal.ffm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFileReaderTest {
    @TempDir
    private Path directory = Path.of("");

    private KernelFile file(String name) {
        return new KernelFile(directory.toString().getBytes(UTF_8), name.getBytes(UTF_8));
    }

    private static String content(KernelFileReader reader) {
        return new String(reader.bytes(), 0, reader.length(), UTF_8);
    }

    private static long descriptorsOn(Path path) throws IOException {
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).equals(path);
                        } catch (IOException closedMeanwhile) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void readsWhatIsInTheFileNow() throws Exception {
        Path path = Files.writeString(directory.resolve("a b\\x2d\n"), "one\n");
        KernelFile file = file("a b\\x2d\n");
        for (int maxOpen = 0; maxOpen < 2; maxOpen++) {
            try (KernelFileReader reader = new KernelFileReader(maxOpen)) {
                Files.writeString(path, "one\n");
                assertThat(reader.read(file)).isTrue();
                assertThat(content(reader)).isEqualTo("one\n");
                Files.writeString(path, "seven\n");
                assertThat(reader.read(file)).isTrue();
                assertThat(content(reader)).isEqualTo("seven\n");
                Files.writeString(path, "");
                assertThat(reader.read(file)).isTrue();
                assertThat(reader.length()).isZero();
            }
        }
    }

    @Test
    void keepsAsManyOpenAsItMay() throws Exception {
        Path one = Files.writeString(directory.resolve("one"), "1\n").toRealPath();
        Path two = Files.writeString(directory.resolve("two"), "2\n").toRealPath();
        KernelFile first = file("one");
        KernelFile second = file("two");
        try (KernelFileReader reader = new KernelFileReader(1)) {
            for (int i = 0; i < 3; i++) {
                assertThat(reader.read(first)).isTrue();
                assertThat(content(reader)).isEqualTo("1\n");
                assertThat(reader.read(second)).isTrue();
                assertThat(content(reader)).isEqualTo("2\n");
            }
            assertThat(reader.openFiles()).isEqualTo(1);
            assertThat(descriptorsOn(one)).isEqualTo(1);
            assertThat(descriptorsOn(two)).isZero();

            reader.close(first);
            assertThat(descriptorsOn(one)).isZero();
            assertThat(reader.read(second)).isTrue();
            assertThat(descriptorsOn(two)).isEqualTo(1);
        }
        assertThat(descriptorsOn(two)).isZero();
    }

    @Test
    void missingFileIsNoFault() throws Exception {
        Files.writeString(directory.resolve("plain"), "");
        try (KernelFileReader reader = new KernelFileReader(9)) {
            assertThat(reader.read(file("missing"))).isFalse();
            assertThat(reader.read(file("plain/below"))).isFalse();
            assertThat(reader.openFiles()).isZero();
        }
    }

    @Test
    void whatCannotBeReadSaysWhy() {
        try (KernelFileReader reader = new KernelFileReader(9)) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> reader.read(file("")))
                    .withMessage("read " + directory + "/: EISDIR");
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> reader.read(file("x".repeat(5_000))))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
            assertThat(reader.openFiles()).isZero();
        }
    }

    @Test
    void largeFileIsReadWholeUpToAMebibyte() throws Exception {
        byte[] almost = new byte[(1 << 20) - 1];
        Arrays.fill(almost, (byte) 'x');
        almost[almost.length - 1] = '\n';
        Files.write(directory.resolve("almost"), almost);
        Files.write(directory.resolve("more"), new byte[1 << 20]);
        try (KernelFileReader reader = new KernelFileReader(0)) {
            assertThat(reader.read(file("almost"))).isTrue();
            assertThat(reader.length()).isEqualTo(almost.length);
            assertThat(Arrays.equals(reader.bytes(), 0, reader.length(), almost, 0, almost.length))
                    .isTrue();
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> reader.read(file("more")))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EFBIG));
            Files.writeString(directory.resolve("small"), "1\n");
            assertThat(reader.read(file("small"))).isTrue();
            assertThat(content(reader)).isEqualTo("1\n");
        }
    }

    @Test
    void closingTwiceIsHarmless() throws Exception {
        Files.writeString(directory.resolve("one"), "1\n");
        KernelFile file = file("one");
        KernelFileReader reader = new KernelFileReader(1);
        assertThat(reader.read(file)).isTrue();
        reader.close();
        reader.close();
        try (KernelFileReader other = new KernelFileReader(1)) {
            assertThat(other.read(file)).isTrue();
        }
    }

    @Test
    void limitOfOpenFilesIsThatOfTheProcess() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(limit -> limit.startsWith("Max open files"))
                .findFirst()
                .orElseThrow();

        assertThat(Long.toString(Libc.maxOpenFiles())).isEqualTo(line.split(" +", -1)[3]);
    }
}
