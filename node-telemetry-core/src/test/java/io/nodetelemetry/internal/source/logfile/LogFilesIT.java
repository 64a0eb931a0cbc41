package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.Command;
import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that other processes write and rotate while they are read: each line is read once. */
@Requires({HostFeature.ROOT, HostFeature.LOGROTATE})
class LogFilesIT {
    /** Waits until this process has a file open: what is deleted before can only be counted. */
    private static final String OPENED = """
            opened() {
              until [ "$(readlink /proc/%d/fd/* | grep -cFx "$PWD/$1")" -gt 0 ]; do sleep 0.01; done
            }
            """.formatted(ProcessHandle.current().pid());

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {0, 50, 400})
    void renamedAgainAndAgainWhileItIsWritten(int pauseMillis) throws Exception {
        try (FollowingThread reader = follow(directory.resolve("app.log"), Duration.ofMillis(pauseMillis))) {
            // 12 rotations in about a second: with the slowest reader, five of them between two reads.
            shell("""
                    for r in $(seq 12); do
                      exec >> app.log
                      for i in $(seq 2000); do echo "$r $i of the lines that are written"; done
                      for k in 11 10 9 8 7 6 5 4 3 2 1; do
                        [ ! -e app.log.$k ] || mv app.log.$k app.log.$((k + 1))
                      done
                      mv app.log app.log.1
                      echo "$r late"
                      sleep 0.05
                    done
                    """);

            reader.hasReadOnce(lines(12, 2_000, "%d %d of the lines that are written", "%d late"));
        }
    }

    @Test
    void compressedAsSoonAsItIsRenamed() throws Exception {
        try (FollowingThread reader = follow(directory.resolve("0.log"), Duration.ZERO)) {
            shell("""
                    for r in $(seq 10); do
                      seq -f "$r %.0f" 10000 >> 0.log
                      opened 0.log
                      t=20260101-0000$(printf %02d $r)
                      mv 0.log 0.log.$t
                      touch 0.log
                      gzip 0.log.$t
                    done
                    """);

            reader.hasReadOnce(lines(10, 10_000, "%d %d", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create\nnocompress",
                "create\ncompress",
                "create\ncompress\ndelaycompress",
                "create\nnocompress\ndateext\ndateformat -%Y%m%d-%s",
                "copytruncate\nnocompress",
                "copytruncate\ncompress",
                "copytruncate\ncompress\ndelaycompress"
            })
    void logrotate(String options) throws Exception {
        Path log = directory.resolve("app.log");
        Path configuration = directory.resolve("logrotate.conf");
        // As long as a large file takes: a copy that is deleted before this thread had a CPU can only be counted.
        String takesLong = options.contains("copytruncate") ? "sleep 0.5\n" : "";
        Path compress = directory.resolve("compress");
        Files.writeString(compress, "#!/bin/sh\n" + takesLong + "exec gzip \"$@\"\n");
        Files.setPosixFilePermissions(compress, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(configuration, "%s {\nrotate 50\ncompresscmd %s\n%s\n}\n".formatted(log, compress, options));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(log, "");
        try (FollowingThread reader = follow(log, Duration.ZERO)) {
            // Nobody writes while it copies: what is written between copying and truncating is in neither file.
            shell("""
                    for r in $(seq 6); do
                      seq -f "$r %%.0f of what logrotate rotates" 20000 >> app.log
                      opened app.log
                      logrotate --force --state $PWD/state logrotate.conf
                      case %s in *dateformat*) sleep 1.1;; esac
                    done
                    """.formatted(options.contains("dateformat") ? "dateformat" : "-"));

            reader.hasReadOnce(lines(6, 20_000, "%d %d of what logrotate rotates", ""));
        }
    }

    @Test
    void aFifoInItsPlaceDelaysNothing() throws Exception {
        shell("mkfifo app.log");
        try (FollowingThread reader = new FollowingThread(onHost("app.log"), Beginning.END, Duration.ZERO)) {
            assertThat(reader.losses()).isEqualTo(1);
        }
        try (FollowingThread reader = new FollowingThread(onHost("other.log"), Beginning.END, Duration.ZERO)) {
            shell("echo 1 > other.log");
            reader.hasReadOnce(List.of("1"));
        }
    }

    @Test
    void anOverlaysFileThatIsWrittenForTheFirstTime() throws Exception {
        shell("""
                mkdir lower upper work merged
                echo old > lower/app.log
                mount -t tmpfs tmpfs work
                mkdir work/upper work/work
                mount -t overlay overlay -o lowerdir=lower,upperdir=work/upper,workdir=work/work merged
                """);
        try (FollowingThread reader = follow(directory.resolve("merged/app.log"), Duration.ZERO)) {
            shell("""
                    echo 1 >> merged/app.log
                    mv merged/app.log merged/app.log.1
                    echo 2 >> merged/app.log
                    """);
            reader.hasReadOnce(List.of("1", "2"));
        } finally {
            shell("umount -l merged; umount -l work");
        }
    }

    private FollowingThread follow(Path log, Duration pause) throws Exception {
        return new FollowingThread(new LogFileLocation.OnHost(log), Beginning.END, pause);
    }

    private LogFileLocation onHost(String name) {
        return new LogFileLocation.OnHost(directory.resolve(name));
    }

    private void shell(String script) throws Exception {
        Path file = Files.createTempFile("nt-log", ".sh");
        Files.writeString(file, OPENED + "set -e\ncd " + directory + "\n" + script, UTF_8);
        Command.run(List.of("sh", file.toString())).succeeded();
        Files.delete(file);
    }

    private static List<String> lines(int rounds, int perRound, String line, String last) {
        return IntStream.rangeClosed(1, rounds)
                .boxed()
                .flatMap(round -> Stream.concat(
                        IntStream.rangeClosed(1, perRound).mapToObj(i -> line.formatted(round, i)),
                        last.isEmpty() ? Stream.of() : Stream.of(last.formatted(round))))
                .toList();
    }
}
