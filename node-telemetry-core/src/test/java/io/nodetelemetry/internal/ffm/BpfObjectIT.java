package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects on the running kernel: loading, refusals, several at once, and what is left of them. */
@SuppressWarnings("try") // what happens after a close is tested inside its try
final class BpfObjectIT extends ProbeFixture {
    @Test
    void settingsBeforeLoadTakeEffect() throws Exception {
        try (BpfObject object = Libbpf.load().open("probe", probe)) {
            object.autoload("list_tasks", false);
            object.autocreate("prefixes", false);
            object.maxEntries("connects", 2);
            object.load();

            assertThat(object.map("connects").maxEntries()).isEqualTo(2);
            fill(object.map("connects"), 2);
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> object.map("connects").update(bytes(99), bytes(1L), 0))
                    .withMessage("bpf_map_update_elem connects: E2BIG");
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> object.program("list_tasks").attachIterator())
                    .withMessageContaining("EINVAL");
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> object.map("prefixes").delete(new byte[8]))
                    .withMessage("bpf_map_delete_elem prefixes: EBADF");
            assertThatIllegalStateException().isThrownBy(() -> object.maxEntries("connects", 3));
            assertThatIllegalStateException().isThrownBy(() -> object.initialValue(".rodata", new byte[1]));
            assertThatIllegalStateException().isThrownBy(object::load);
        }
    }

    @Test
    void verifierExceptionHasTheTellingLineAndTheFullLog() throws Exception {
        try (BpfObject object = Libbpf.load().open("rejected", rejected)) {
            assertThatExceptionOfType(VerifierException.class)
                    .isThrownBy(object::load)
                    .withMessageMatching("load BPF object rejected: EACCES - R0 invalid mem access 'map_value_or_null'")
                    .satisfies(e -> {
                        assertThat(e.program()).isEqualTo("unchecked_lookup");
                        assertThat(e.errno()).isEqualTo(Errno.EACCES);
                        assertThat(e.fullLog())
                                .contains("BEGIN PROG LOAD LOG")
                                .contains("return *value == 1;")
                                .contains("END PROG LOAD LOG");
                    });
            assertThatIllegalStateException()
                    .isThrownBy(object::load)
                    .withMessage("load of BPF object rejected needs it OPENED, it is LOAD_FAILED");
        }
    }

    @Test
    void twoObjectsCountSideBySide() throws Exception {
        try (BpfObject one = loaded(1);
                BpfObject ten = loaded(10);
                Fd cgroup = cgroupRoot()) {
            one.program("count_connects").attachCgroup(cgroup);
            ten.program("count_connects").attachCgroup(cgroup);
            connect(3);

            assertThat(count(one)).isEqualTo(3);
            assertThat(count(ten)).isEqualTo(30);
        }
    }

    @Test
    void closingTheObjectDetaches() throws Exception {
        try (BpfObject watcher = loaded(1);
                Fd cgroup = cgroupRoot()) {
            BpfObject object = loaded(1);
            int program = object.program("count_connects").info().id();
            BpfLink link = object.program("count_connects").attachCgroup(cgroup);
            object.close();
            link.close();

            watcher.program("count_connects").attachCgroup(cgroup);
            connect(1);
            assertThat(count(watcher)).isEqualTo(1);
            awaitGone(program);
        }
    }

    @Test
    void openedAndClosedAHundredTimesNothingIsLeft() throws Exception {
        int programs = openAttachUseClose();
        awaitGone(programs);
        List<String> descriptors = descriptors();
        long mappings = mappings("bpf");
        for (int i = 0; i < 100; i++) {
            programs = openAttachUseClose();
        }
        awaitGone(programs);

        // What other tests left to the garbage collector may go meanwhile, but nothing may come.
        List<String> more = descriptors();
        descriptors.forEach(more::remove);
        assertThat(more).isEmpty();
        assertThat(mappings("bpf")).isEqualTo(mappings);
    }

    /** One life of everything, a failed load included; returns the id of a program it loaded. */
    private static int openAttachUseClose() throws Exception {
        try (BpfObject object = Libbpf.load().open("rejected", rejected)) {
            assertThat(thrownBy(object::load)).isEqualTo(VerifierException.class);
        }
        try (BpfObject object = loaded(1);
                Fd cgroup = cgroupRoot();
                BpfRingBuffer ring = BpfRingBuffer.open(Libbpf.load(), object.map("samples"), sample -> {})) {
            object.program("count_connects").attachCgroup(cgroup);
            object.program("count_execs").attach();
            object.program("list_tasks").attachIterator().runIterator(16 << 20);
            connect(1);
            assertThat(ring.poll(Duration.ofSeconds(5))).isEqualTo(1);
            object.map("connects").forEach((key, value) -> {});
            return object.program("count_connects").info().id();
        }
    }

    /** What the open descriptors are, without those that the JVM closes in its own time: pipes of children, sockets. */
    private static List<String> descriptors() throws IOException {
        List<String> targets = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (target.startsWith("anon_inode:") || target.startsWith("/sys/fs/cgroup")) {
                        targets.add(target);
                    }
                } catch (NoSuchFileException closedSinceItWasListed) {
                    assertThat(closedSinceItWasListed).hasMessageContaining("/proc/self/fd");
                }
            }
        }
        Collections.sort(targets);
        return targets;
    }

    private static long mappings(String of) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("anon_inode:" + of))
                .count();
    }
}
