package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs in a mount namespace of their own, reached through a process in it. */
@Requires({HostFeature.ROOT, HostFeature.BUSYBOX})
class ContainerLogIT {
    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // start() makes it
    private Shell shell;

    @BeforeEach
    void start() throws Exception {
        // The root directory is another one as well, with nothing in it but a shell and its logs.
        shell = Shell.start("""
                mount -t tmpfs tmpfs %1$s
                mkdir -p %1$s/bin %1$s/var/log %1$s/proc
                mount -t proc proc %1$s/proc
                cp $(command -v busybox) %1$s/bin/busybox
                for applet in sh mv ln rm mkdir readlink sleep mount; do ln -s busybox %1$s/bin/$applet; done
                exec chroot %1$s /bin/busybox env -i PATH=/bin /bin/sh
                """.formatted(directory));
    }

    @AfterEach
    void end() throws Exception {
        shell.kill();
    }

    @Test
    void aPrivateFileIsReadThroughItsRotations() throws Exception {
        shell.run("exec 7>> /var/log/app.log; echo old >&7");
        try (FollowingThread reader = follow("/var/log/app.log")) {
            shell.run("echo 1 >&7; mv /var/log/app.log /var/log/app.log.1; echo 2 >&7");
            shell.run("exec 7>> /var/log/app.log; echo 3 >&7");
            shell.run("mv /var/log/app.log.1 /var/log/app.log.2; mv /var/log/app.log /var/log/app.log.1");
            shell.run("echo 4 >&7; exec 7>> /var/log/app.log; echo 5 >&7");

            reader.hasReadOnce(List.of("1", "2", "3", "4", "5"));
        }
    }

    @Test
    void whatAProcessLeavesIsReadAfterItsEnd() throws Exception {
        shell.run("exec 7>> /var/log/app.log");
        try (FollowingThread reader = follow("/var/log/app.log")) {
            shell.run("i=0; while [ $i -lt 5000 ]; do i=$((i + 1)); echo $i; done >&7");
            shell.kill();

            reader.hasReadOnce(
                    IntStream.rangeClosed(1, 5_000).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void linksLeadNowhere() throws Exception {
        Path secret = Files.createTempFile("nt-secret", ".log");
        try {
            Files.writeString(secret, "secret\n", UTF_8);
            shell.run("exec 7>> /var/log/app.log");
            try (FollowingThread reader = follow("/var/log/app.log")) {
                // In the container's root there is no such file; beside the log, a link is no rotated file.
                shell.run("mv /var/log/app.log /var/log/gone; ln -s %s /var/log/app.log.1".formatted(secret));
                shell.run("ln -s %s /var/log/app.log; echo 1 >&7".formatted(secret));
                // A file of the container that its author may not read, but this process.
                shell.run("mkdir -p %s; echo inside > %s".formatted(secret.getParent(), secret));
                shell.run("ln -s %s /var/log/other; mv /var/log/other /var/log/app.log".formatted(secret));
                shell.run("rm /var/log/app.log; exec 7>> /var/log/app.log; echo 2 >&7");

                // A link that came and went unseen counts as a file that was missed.
                reader.hasReadOnceWhateverWasDropped(List.of("1", "2"));
            }
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void whatTheKernelMakesUpIsNoLog() throws Exception {
        shell.run("exec 7>> /var/log/app.log; mv /var/log/app.log /var/log/gone");
        for (String name : List.of("app.log", "app.log.1")) {
            shell.run("echo > /var/log/%1$s; mount -o bind /proc/version /var/log/%1$s".formatted(name));
        }
        try (SteppedLogFiles files = new SteppedLogFiles()) {
            ReadLines lines = new ReadLines();
            files.files.follow(place("/var/log/app.log"), Beginning.START, lines);
            files.read();

            assertThat(lines.lines).isEmpty();
            assertThat(files.losses(Loss.NOT_REGULAR)).isEqualTo(1);
        }
    }

    @Test
    void itsFileSystemsAreNotHeldByWaiting() throws Exception {
        shell.run("exec 7>> /var/log/app.log; echo 1 >&7");
        try (FollowingThread reader = follow("/var/log/app.log")) {
            shell.run("echo 2 >&7");
            reader.hasReadOnce(List.of("2"));
            try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                for (Path fd : open) {
                    assertThat(target(fd)).isNotEqualTo(directory.toString());
                }
            }
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "closed";
        }
    }

    private FollowingThread follow(String path) throws Exception {
        return new FollowingThread(place(path), Beginning.END, Duration.ZERO);
    }

    private LogFileLocation place(String path) {
        return new LogFileLocation.InContainer(Path.of("/proc"), (int) shell.pid(), 7, path);
    }

    /** A shell in a mount namespace of its own, which runs what it is told. */
    private record Shell(Process process, BufferedReader out, OutputStream in) {
        static Shell start(String prepare) throws IOException {
            Process process = new ProcessBuilder("unshare", "--mount", "sh", "-ec", prepare)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Shell(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)),
                    process.getOutputStream());
        }

        long pid() {
            return process.pid();
        }

        void run(String script) throws IOException {
            in.write((script + "\necho done\n").getBytes(UTF_8));
            in.flush();
            assertThat(out.readLine()).isEqualTo("done");
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }
}
