package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of what the kernel's files say about processes, processors and accounting, the little that delays need. */
final class ProcessStatTest {
    /** Captured on Linux 6.18: a container's main process with three threads. */
    private static final String LIVE = "14625 (tail) S 14356 14625 14356 34816 14625 4194304 101 0 0 0 0 0 0 0 20 0 3 0"
            + " 1344216 2859008 384 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    private static final String WORKER = "14 (ksoftirqd/0) S 2 0 0 0 -1 69238848 0 0 0 0 0 1 0 0 20 0 1 0 3 0 0"
            + " 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    @TempDir
    private Path root;

    private Path write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    @Test
    void threadsAndStart() {
        assertThat(ProcessStat.parse(LIVE)).contains(new ProcessStat(false, 3, 1_344_216));
        assertThat(ProcessStat.parse(WORKER)).contains(new ProcessStat(true, 1, 3));
    }

    @Test
    void aNameMayHoldAnything() {
        assertThat(ProcessStat.parse(LIVE.replace("(tail)", "() S 1 (x) )")))
                .contains(new ProcessStat(false, 3, 1_344_216));
    }

    @Test
    void whatIsCutOffIsNotHalfUnderstood() {
        int start = LIVE.indexOf("1344216") + "1344216".length();
        for (int length = 0; length <= start; length++) {
            assertThat(ProcessStat.parse(LIVE.substring(0, length))).isEmpty();
        }
    }

    @Test
    void anyBytesAreEmptyOrUnderstood() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1) + (i % 2 == 0 ? "" : LIVE.substring(14));
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
        write("1/stat", LIVE);
        write("4194303/stat", LIVE);
        write("self/stat", LIVE);
        write("12345678901234/stat", LIVE);

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
