package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.LifecycleEvent;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real cgroups, processes and OOM kills. */
@RequiresKernel
final class LifecycleProbeIT {
    private final List<LifecycleEvent> events = new ArrayList<>();
    private final String name = "nodetelemetry-it-" + ProcessHandle.current().pid();

    private static Path cgroup2() {
        Path unified = Path.of("/sys/fs/cgroup/unified");
        return Files.isDirectory(unified) ? unified : Path.of("/sys/fs/cgroup");
    }

    private LifecycleProbe open() throws Exception {
        return LifecycleProbe.open(Libbpf.load(), events::add);
    }

    private void await(LifecycleProbe probe, LifecycleEvent expected) throws Exception {
        Eventually.within(Duration.ofSeconds(60), () -> {
            probe.poll(Duration.ofMillis(50));
            assertThat(events).contains(expected);
        });
    }

    private static long inode(Path directory) throws IOException {
        return (Long) Files.getAttribute(directory, "unix:ino");
    }

    /** Runs a shell in the cgroup: it waits for a line, so that it can be moved first. */
    private static Process shellIn(Path cgroup, String script) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "read go; " + script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(shell.pid()));
        shell.getOutputStream().write('\n');
        shell.getOutputStream().flush();
        return shell;
    }

    @Test
    void cgroupIsToldWithItsPathWhenItIsMadeAndWhenItGoes() throws Exception {
        Path directory = cgroup2().resolve(name);
        try (LifecycleProbe probe = open()) {
            Files.createDirectory(directory);
            CgroupRef ref = new CgroupRef(0, inode(directory));
            Files.delete(directory);

            await(probe, new LifecycleEvent.CgroupCreated(ref, new CgroupPath("/" + name)));
            await(probe, new LifecycleEvent.CgroupRemoved(ref));
            assertThat(probe.drops()).containsEntry("event", 0L).containsEntry("undecodable", 0L);
        }
    }

    @Test
    void cgroupIsToldToBePopulatedAndVacatedInEveryHierarchy() throws Exception {
        Path v1 = Path.of("/sys/fs/cgroup/pids");
        for (Path root : Files.isDirectory(v1) ? List.of(cgroup2(), v1) : List.of(cgroup2())) {
            Path directory = root.resolve(name);
            events.clear();
            try (LifecycleProbe probe = open()) {
                Files.createDirectory(directory);
                long inode = inode(directory);
                for (int i = 0; i < 2; i++) {
                    assertThat(shellIn(directory, "exit 0").waitFor()).isZero();
                }
                Eventually.within(Duration.ofSeconds(60), () -> Files.deleteIfExists(directory));

                Eventually.within(Duration.ofSeconds(60), () -> {
                    probe.poll(Duration.ofMillis(50));
                    assertThat(events.stream()
                                    .filter(event -> event.cgroup().id() == inode)
                                    .filter(event -> event instanceof LifecycleEvent.CgroupPopulated)
                                    .map(event -> ((LifecycleEvent.CgroupPopulated) event).populated()))
                            .containsExactly(true, false, true, false);
                });
            }
        }
    }

    /** Deep, so that no v1 hierarchy of the test's own process is deeper. */
    @Test
    void processesAreToldWithTheirDeepestCgroup() throws Exception {
        Path top = cgroup2().resolve(name);
        Path directory = top.resolve("a/b/c/d/e");
        try (LifecycleProbe probe = open()) {
            Files.createDirectories(directory);
            CgroupRef ref = new CgroupRef(0, inode(directory));
            try {
                Process shell = shellIn(directory, "/bin/true; /bin/true; exit 0");
                assertThat(shell.waitFor()).isZero();

                int pid = Math.toIntExact(shell.pid());
                await(probe, new LifecycleEvent.ProcessExited(ref, pid));
                assertThat(events.stream()
                                .filter(event -> event instanceof LifecycleEvent.ProcessStarted
                                        && event.cgroup().equals(ref)))
                        .hasSize(2);
            } finally {
                for (String each : List.of("a/b/c/d/e", "a/b/c/d", "a/b/c", "a/b", "a", "")) {
                    Files.delete(top.resolve(each));
                }
            }
        }
    }

    @Test
    void victimOfTheOutOfMemoryKillerIsToldWithItsCgroup() throws Exception {
        Path v1 = Path.of("/sys/fs/cgroup/memory");
        boolean hybrid = Files.isDirectory(v1);
        Path directory = (hybrid ? v1 : cgroup2()).resolve(name);
        try (LifecycleProbe probe = open()) {
            Files.createDirectory(directory);
            try {
                if (hybrid) {
                    Files.writeString(directory.resolve("memory.limit_in_bytes"), "16777216");
                } else {
                    Files.writeString(directory.resolve("memory.max"), "16777216");
                    Files.writeString(directory.resolve("memory.swap.max"), "0");
                }
                Process victim = shellIn(directory, "exec tail /dev/zero");
                assertThat(victim.waitFor()).isEqualTo(137);

                long inode = inode(directory);
                int pid = Math.toIntExact(victim.pid());
                Eventually.within(Duration.ofSeconds(60), () -> {
                    probe.poll(Duration.ofMillis(50));
                    assertThat(events).anySatisfy(event -> {
                        assertThat(event).isInstanceOf(LifecycleEvent.OomKilled.class);
                        assertThat(((LifecycleEvent.OomKilled) event).process()).isEqualTo(pid);
                        assertThat(event.cgroup().id()).isEqualTo(inode);
                    });
                });
            } finally {
                Files.delete(directory);
            }
        }
    }

    @Test
    void programsAreAttachedAndGoWithTheProbe() throws Exception {
        LifecycleProbe probe = open();
        try (probe) {
            assertThat(probe.programs())
                    .extracting(BpfProbe.Program::name)
                    .containsExactly(
                            "cgroup_created",
                            "cgroup_removed",
                            "cgroup_populated",
                            "process_started",
                            "process_exited",
                            "oom_victim_marked");
        }
        Path directory = cgroup2().resolve(name);
        Files.createDirectory(directory);
        Files.delete(directory);
        assertThat(events.stream()
                        .filter(event -> event instanceof LifecycleEvent.CgroupRemoved
                                && event.cgroup().hierarchy() == 0))
                .isEmpty();
    }
}
