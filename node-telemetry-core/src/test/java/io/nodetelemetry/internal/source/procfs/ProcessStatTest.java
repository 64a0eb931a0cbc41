package io.nodetelemetry.internal.source.procfs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of what the kernel's files say about processes, processors and accounting, the little that delays need. */
final class ProcessStatTest {
    private static final String THREADS = captured("threads");
    private static final String KERNEL_THREAD = captured("kernel-thread");
    private static final String NAME = "(waiter)";
    private static final String START = " 1794488 ";

    @TempDir
    private Path root;

    private static String captured(String name) {
        try (InputStream in =
                requireNonNull(ProcessStatTest.class.getResourceAsStream("/procfs/process-stat/" + name + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    @Test
    void threadsAndStart() {
        assertThat(ProcessStat.parse(THREADS)).contains(new ProcessStat(false, 9, 1_794_488));
        assertThat(ProcessStat.parse(KERNEL_THREAD)).contains(new ProcessStat(true, 1, 24));
    }

    @Test
    void aNameMayHoldAnything() {
        assertThat(ProcessStat.parse(THREADS.replace(NAME, "() S 1 (x) )")))
                .contains(new ProcessStat(false, 9, 1_794_488));
    }

    @Test
    void whatIsCutOffIsNotHalfUnderstood() {
        int start = THREADS.indexOf(START) + START.length() - 1;
        for (int length = 0; length <= start; length++) {
            assertThat(ProcessStat.parse(THREADS.substring(0, length))).isEmpty();
        }
    }

    @Test
    void anyBytesAreEmptyOrUnderstood() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1)
                    + (i % 2 == 0 ? "" : THREADS.substring(NAME.length()));
            assertThatCode(() -> ProcessStat.parse(text)).doesNotThrowAnyException();
        }
    }

    @Test
    void aProcessThatIsGoneIsEmptyAndAFileThatIsNoneIsAFault() throws IOException {
        assertThat(ProcessStat.read(root, 1)).isEmpty();
        write("1/stat", "1 (x) S");
        assertThatIOException().isThrownBy(() -> ProcessStat.read(root, 1)).withMessageContaining("1/stat");
    }

    @Test
    void processesAreTheDirectoriesWithNumbers() throws IOException {
        write("1/stat", THREADS);
        write("4194303/stat", THREADS);
        write("self/stat", THREADS);
        write("12345678901234/stat", THREADS);

        assertThat(ProcessIds.list(root)).containsExactlyInAnyOrder(1, 4_194_303);
        assertThatIOException().isThrownBy(() -> ProcessIds.list(root.resolve("absent")));
    }

    @Test
    void processorsAreTheKernelsList() throws IOException {
        write("devices/system/cpu/possible", "0-7\n");
        assertThat(PossibleCpus.list(root)).isEqualTo("0-7");
        assertThatIOException()
                .isThrownBy(() -> PossibleCpus.list(root.resolve("absent")))
                .withMessageContaining("sys root");
    }

    @Test
    void delayAccountingIsOnOffOrNotThere() throws IOException {
        assertThat(DelayAccounting.read(root)).isEqualTo(DelayAccounting.NO_SWITCH);
        assertThatIOException().isThrownBy(() -> DelayAccounting.enable(root));
        Path file = write("sys/kernel/task_delayacct", "0\n");
        assertThat(DelayAccounting.read(root)).isEqualTo(DelayAccounting.OFF);
        DelayAccounting.enable(root);
        assertThat(DelayAccounting.read(root)).isEqualTo(DelayAccounting.ON);
        assertThat(file).content().isEqualTo("1\n");
    }
}
