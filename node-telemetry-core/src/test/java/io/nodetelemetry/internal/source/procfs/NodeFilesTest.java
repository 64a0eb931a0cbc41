package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFilesTest {
    @TempDir
    Path root;

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private Optional<String> machineId() {
        return MachineId.read(root.resolve("sys"), root).map(MachineId::value);
    }

    @Test
    void machineIdIsTheFirmwaresThenSystemdsThenDbus() throws IOException {
        assertThat(machineId()).isEmpty();
        write("var/lib/dbus/machine-id", "33333333333333333333333333333333\n");
        assertThat(machineId()).contains("33333333333333333333333333333333");
        write("etc/machine-id", "22222222222222222222222222222222\n");
        assertThat(machineId()).contains("22222222222222222222222222222222");
        write("sys/class/dmi/id/product_uuid", " 4C4C4544-0042-3510-8052-B6C04F4E3432 \n");
        assertThat(machineId()).contains("4C4C4544004235108052B6C04F4E3432");
    }

    @Test
    void fileWithoutAnIdIsPassedOver() throws IOException {
        write("sys/class/dmi/id/product_uuid", "\n");
        write("etc/machine-id", "uninitialized\n");
        write("var/lib/dbus/machine-id", "-- --\n");

        assertThat(machineId()).isEmpty();
    }

    @Test
    void directoryInPlaceOfAFileIsPassedOver() throws IOException {
        Files.createDirectories(root.resolve("etc/machine-id"));

        assertThat(machineId()).isEmpty();
    }

    @Test
    void kernelReleaseBeginsWithTwoNumbers() {
        assertThat(KernelRelease.parse("6.12.8-amd64")).contains(new KernelRelease("6.12.8-amd64", 6, 12));
        assertThat(KernelRelease.parse("7.3")).contains(new KernelRelease("7.3", 7, 3));
        assertThat(KernelRelease.parse("5.10+")).contains(new KernelRelease("5.10+", 5, 10));
        assertThat(KernelRelease.parse("6.")).isEmpty();
        assertThat(KernelRelease.parse("x.1")).isEmpty();
        assertThat(KernelRelease.parse("99999999999.1")).isEmpty();
    }

    @Test
    void kernelReleasesAreComparedAsNumbers() {
        KernelRelease release = new KernelRelease("5.10", 5, 10);

        assertThat(release.isAtLeast(5, 8)).isTrue();
        assertThat(release.isAtLeast(5, 10)).isTrue();
        assertThat(release.isAtLeast(5, 11)).isFalse();
        assertThat(release.isAtLeast(4, 20)).isTrue();
        assertThat(release.isAtLeast(6, 1)).isFalse();
    }

    @Test
    void hostAndKernelAreReadBelowTheProcRoot() throws IOException {
        write("sys/kernel/hostname", "node-1\n");
        write("sys/kernel/osrelease", "6.1.0-18-amd64\n");

        assertThat(Hostname.read(root)).contains("node-1");
        assertThat(KernelRelease.read(root)).contains(new KernelRelease("6.1.0-18-amd64", 6, 1));
    }

    @Test
    void hostnameThatIsNotSetIsAbsent() throws IOException {
        assertThat(Hostname.read(root)).isEmpty();
        write("sys/kernel/hostname", "(none)\n");
        assertThat(Hostname.read(root)).isEmpty();
    }

    @Test
    void uptimeIsTheFirstFigure() throws IOException {
        write("uptime", "12436.73 12311.61\n");

        assertThat(Uptime.readMillis(root)).hasValue(12_436_730);
        assertThat(Uptime.readMillis(root.resolve("absent"))).isEmpty();
        assertThat(Uptime.parseMillis("0.05")).hasValue(50);
        assertThat(Uptime.parseMillis("12436 1.00")).isEmpty();
        assertThat(Uptime.parseMillis("-1.00 1.00")).isEmpty();
        assertThat(Uptime.parseMillis("99999999999.00 1.00")).isEmpty();
    }

    @Test
    void networkNamespaceIsTheLinksNumber() throws IOException {
        Files.createDirectories(root.resolve("12/ns"));
        Files.createSymbolicLink(root.resolve("12/ns/net"), Path.of("net:[4026531833]"));

        assertThat(NetworkNamespace.of(root, 12)).contains(new NetworkNamespace(4026531833L));
        assertThat(NetworkNamespace.of(root, 13)).isEmpty();
        assertThat(NetworkNamespace.parse("mnt:[1]")).isEmpty();
        assertThat(NetworkNamespace.parse("net:[]")).isEmpty();
        assertThat(NetworkNamespace.parse("net:[99999999999999999999]")).isEmpty();
    }

    @Test
    void ownNamespaceStandsForTheHostsWhenPid1MayNotBeAsked() throws IOException {
        Files.createDirectories(root.resolve("self/ns"));
        Files.createSymbolicLink(root.resolve("self/ns/net"), Path.of("net:[7]"));
        assertThat(NetworkNamespace.ofHost(root)).contains(new NetworkNamespace(7));

        Files.createDirectories(root.resolve("1/ns"));
        Files.createSymbolicLink(root.resolve("1/ns/net"), Path.of("net:[8]"));
        assertThat(NetworkNamespace.ofHost(root)).contains(new NetworkNamespace(8));
    }
}
