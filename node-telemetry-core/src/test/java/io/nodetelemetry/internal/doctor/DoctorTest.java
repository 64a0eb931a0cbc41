package io.nodetelemetry.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.Diagnosis;
import io.nodetelemetry.model.Diagnosis.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    private static final String ALL_CAPABILITIES = "000001ffffffffff";

    @TempDir
    Path root;

    private Host.Library libbpf = () -> "1.1";
    private Host.Probe service = () -> Optional.of("/run/systemd/private, systemd 252");
    private Host.Docker docker = socket -> "Docker 20.10.24";
    private Optional<InetSocketAddress> listen = Optional.empty();
    private boolean nativeAccess = true;

    /** A root process on a cgroup v2 host where nothing is missing. */
    @BeforeEach
    void goodHost() throws IOException {
        write("proc/sys/kernel/osrelease", "6.12.43+deb13-amd64");
        write("proc/sys/kernel/unprivileged_bpf_disabled", "2");
        write("proc/sys/kernel/task_delayacct", "1");
        write("proc/sys/fs/inotify/max_user_watches", "65536");
        write("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1");
        write("proc/self/status", "Name:\tjava\nCapPrm:\t0\nCapEff:\t" + ALL_CAPABILITIES + "\nCapBnd:\t0");
        write(
                "proc/self/mountinfo",
                "29 23 0:26 / " + root + "/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate");
        link("proc/self/ns/pid", "pid:[4026531836]");
        link("proc/1/root", "/");
        write("sys/kernel/btf/vmlinux", "BTF");
        write("sys/kernel/tracing/events/enable", "0");
        write("sys/kernel/security/lockdown", "[none] integrity confidentiality");
        write("cgroup/cgroup.controllers", "cpu io memory pids");
        write("docker.sock", "");
    }

    @Test
    void aGoodHostIsInOrder() {
        assertThat(examine()).allSatisfy(diagnosis -> {
            assertThat(diagnosis.status()).as(diagnosis.toString()).isEqualTo(Status.OK);
            assertThat(diagnosis.remedy()).isEmpty();
        });
    }

    @Test
    void looksAtTheseThings() {
        listen = Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        assertThat(examine())
                .extracting(Diagnosis::check)
                .containsExactly(
                        "java",
                        "native access",
                        "libbpf",
                        "libzstd",
                        "kernel",
                        "BTF",
                        "tracefs",
                        "lockdown",
                        "unprivileged BPF",
                        "delay accounting",
                        "pressure",
                        "inotify",
                        "NAT",
                        "CAP_BPF",
                        "CAP_NET_ADMIN",
                        "CAP_NET_BROADCAST",
                        "CAP_PERFMON",
                        "CAP_NET_RAW",
                        "CAP_SYS_PTRACE",
                        "CAP_DAC_READ_SEARCH",
                        "CAP_SYS_ADMIN",
                        "cgroups",
                        "cgroup2 root",
                        "host pid namespace",
                        "/proc/1",
                        "docker socket",
                        "systemd",
                        "listen address");
    }

    @ParameterizedTest
    @CsvSource({
        "5.8.0,               OK",
        "5.8-rc1,             OK",
        "6.18.44-custom,      OK",
        "10.0.1,              OK",
        "5.7.19,              MISSING",
        "4.18.0-553.el8,      MISSING",
        "'',                  WARN",
        "linux,               WARN",
        "99999999999.1,       WARN",
    })
    void kernelMustBeFiveEight(String release, Status status) throws IOException {
        write("proc/sys/kernel/osrelease", release);

        assertThat(diagnosis("kernel").status()).isEqualTo(status);
    }

    @Test
    void noBtfPreventsAndSaysWhatToDo() throws IOException {
        Files.delete(root.resolve("sys/kernel/btf/vmlinux"));

        Diagnosis btf = diagnosis("BTF");
        assertThat(btf.prevents()).isTrue();
        assertThat(btf.remedy().orElseThrow()).contains("CONFIG_DEBUG_INFO_BTF=y");
    }

    @Test
    void tracefsMayBeUnderDebugfs() throws IOException {
        Files.move(
                root.resolve("sys/kernel/tracing"),
                Files.createDirectories(root.resolve("sys/kernel/debug")).resolve("tracing"));

        assertThat(diagnosis("tracefs").found()).endsWith("sys/kernel/debug/tracing");
    }

    @Test
    void delayAccountingThatIsOffHasThreeRemedies() throws IOException {
        write("proc/sys/kernel/task_delayacct", "0");

        Diagnosis delays = diagnosis("delay accounting");

        assertThat(delays.status()).isEqualTo(Status.WARN);
        assertThat(delays.remedy().orElseThrow())
                .contains("sysctl -w kernel.task_delayacct=1")
                .contains("boot with delayacct")
                .contains("--enable-delay-accounting");
    }

    @Test
    void fewWatchesHaveARemedy() throws IOException {
        write("proc/sys/fs/inotify/max_user_watches", "8191");
        assertThat(diagnosis("inotify").status()).isEqualTo(Status.WARN);
        assertThat(diagnosis("inotify").remedy().orElseThrow()).contains("sysctl -w fs.inotify.max_user_watches=");

        write("proc/sys/fs/inotify/max_user_watches", "many");
        assertThat(diagnosis("inotify").status()).isEqualTo(Status.WARN);

        Files.delete(root.resolve("proc/sys/fs/inotify/max_user_watches"));
        assertThat(diagnosis("inotify").found()).isEqualTo("not part of this kernel");
    }

    @Test
    void conntrackThatAnnouncesNothingHasARemedy() throws IOException {
        assertThat(diagnosis("NAT").found()).isEqualTo("connections are not tracked here");

        write("proc/sys/net/netfilter/nf_conntrack_max", "262144");
        assertThat(diagnosis("NAT").remedy().orElseThrow()).contains("CONFIG_NF_CONNTRACK_EVENTS");

        write("proc/sys/net/netfilter/nf_conntrack_events", "0");
        assertThat(diagnosis("NAT").status()).isEqualTo(Status.WARN);
        assertThat(diagnosis("NAT").remedy()).contains("sysctl -w net.netfilter.nf_conntrack_events=1");

        write("proc/sys/net/netfilter/nf_conntrack_events", "2");
        assertThat(diagnosis("NAT").status()).isEqualTo(Status.OK);
    }

    @Test
    void aKernelWithoutTheSwitchOfDelayAccountingIsFine() throws IOException {
        Files.delete(root.resolve("proc/sys/kernel/task_delayacct"));

        assertThat(diagnosis("delay accounting").status()).isEqualTo(Status.OK);
    }

    @Test
    void pressureThatIsSwitchedOffIsAWarningWithTheRemedy() throws IOException {
        Files.delete(root.resolve("proc/pressure/cpu"));

        Diagnosis pressure = diagnosis("pressure");
        assertThat(pressure.status()).isEqualTo(Status.WARN);
        assertThat(pressure.prevents()).isFalse();
        assertThat(pressure.remedy().orElseThrow()).contains("psi=1");
    }

    @Test
    void lockdownOfConfidentialityIsAWarning() throws IOException {
        write("sys/kernel/security/lockdown", "none integrity [confidentiality]");
        assertThat(diagnosis("lockdown").status()).isEqualTo(Status.WARN);

        write("sys/kernel/security/lockdown", "none [integrity] confidentiality");
        assertThat(diagnosis("lockdown"))
                .extracting(Diagnosis::status, Diagnosis::found)
                .containsExactly(Status.OK, "integrity");
    }

    @Test
    void lockdownIsUnknownWithoutSecurityfs() throws IOException {
        Files.delete(root.resolve("sys/kernel/security/lockdown"));

        assertThat(diagnosis("lockdown").found()).isEqualTo("unknown: securityfs is not mounted");
    }

    @Test
    void anOrdinaryUserLacksEveryCapability() throws IOException {
        write("proc/self/status", "CapEff:\t0000000000000000");

        assertThat(examine().stream().filter(Diagnosis::prevents).map(Diagnosis::check))
                .containsExactly("CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON");
    }

    @Test
    void sysAdminStandsForBpfAndPerfmon() throws IOException {
        write("proc/self/status", "CapEff:\t0000000000200000");

        assertThat(diagnosis("CAP_BPF").status()).isEqualTo(Status.OK);
        assertThat(diagnosis("CAP_PERFMON").status()).isEqualTo(Status.OK);
        assertThat(diagnosis("CAP_NET_ADMIN").status()).isEqualTo(Status.MISSING);
    }

    @ParameterizedTest
    @CsvSource({"''", "CapEff:", "CapEff:\tzz", "CapEff:\t1ffffffffffffffffffff", "Cap"})
    void truncatedStatusLeavesCapabilitiesUnknown(String status) throws IOException {
        write("proc/self/status", status);

        assertThat(diagnosis("capabilities").status()).isEqualTo(Status.WARN);
    }

    @Test
    void hybridHostIsRecognised() throws IOException {
        Files.delete(root.resolve("cgroup/cgroup.controllers"));
        write("cgroup/unified/cgroup.controllers", "");
        write("proc/self/mountinfo", """
                31 23 0:28 / %1$s/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                35 31 0:32 / %1$s/cgroup/memory rw,relatime - cgroup cgroup rw,memory
                32 31 0:29 / %1$s/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
                41 31 0:38 / %1$s/cgroup/unified rw,relatime - cgroup2 cgroup2 rw""".formatted(root));

        assertThat(diagnosis("cgroups").found()).isEqualTo("hybrid at " + root + "/cgroup, v1: cpu memory");
        assertThat(diagnosis("cgroup2 root").found()).isEqualTo(root + "/cgroup/unified");
    }

    @Test
    void hostWithVersionOneAloneNeedsAPrivateMount() throws IOException {
        Files.delete(root.resolve("cgroup/cgroup.controllers"));
        write("proc/self/mountinfo", "35 31 0:32 / " + root + "/cgroup/memory rw - cgroup cgroup rw,memory");

        assertThat(diagnosis("cgroups").found()).isEqualTo("v1 at " + root + "/cgroup: memory");
        assertThat(diagnosis("cgroup2 root").status()).isEqualTo(Status.WARN);
    }

    @Test
    void anEmptyCgroupRootPrevents() throws IOException {
        Files.delete(root.resolve("cgroup/cgroup.controllers"));
        write("proc/self/mountinfo", "");
        assertThat(diagnosis("cgroups").prevents()).isTrue();

        Files.delete(root.resolve("cgroup"));
        assertThat(diagnosis("cgroups").remedy().orElseThrow()).contains("--cgroupfs-root");
    }

    @Test
    void aForeignPidNamespaceIsAWarning() throws IOException {
        Files.delete(root.resolve("proc/self/ns/pid"));
        link("proc/self/ns/pid", "pid:[4026532201]");

        assertThat(diagnosis("host pid namespace").remedy().orElseThrow()).contains("--pid=host");
    }

    @Test
    void anUnreadableInitIsAWarning() throws IOException {
        Files.delete(root.resolve("proc/1/root"));

        assertThat(diagnosis("/proc/1").status()).isEqualTo(Status.WARN);
    }

    @Test
    void aLibraryThatCannotBeLoadedPrevents() {
        libbpf = () -> {
            throw new IOException("libbpf.so.1 was not found");
        };

        assertThat(diagnosis("libbpf").prevents()).isTrue();
        assertThat(diagnosis("libbpf").found()).isEqualTo("libbpf.so.1 was not found");
        assertThat(diagnosis("libbpf").remedy().orElseThrow()).contains("apt install libbpf1");
    }

    @Test
    void dockerThatDoesNotAnswerIsMissingAndNoDockerAWarning() throws IOException {
        docker = socket -> {
            throw new IOException("no answer within 2 s");
        };
        assertThat(diagnosis("docker socket").status()).isEqualTo(Status.MISSING);
        assertThat(diagnosis("docker socket").found()).isEqualTo(root + "/docker.sock: no answer within 2 s");

        Files.delete(root.resolve("docker.sock"));
        assertThat(diagnosis("docker socket").status()).isEqualTo(Status.WARN);
    }

    @Test
    void serviceThatDoesNotAnswerIsMissingAndNoneAWarning() {
        assertThat(diagnosis("systemd").status()).isEqualTo(Status.OK);
        assertThat(diagnosis("systemd").found()).isEqualTo("/run/systemd/private, systemd 252");

        service = () -> {
            throw new IOException("connection reset");
        };
        assertThat(diagnosis("systemd").status()).isEqualTo(Status.MISSING);
        assertThat(diagnosis("systemd").found()).isEqualTo("connection reset");
        assertThat(diagnosis("systemd").remedy()).contains("run as root");

        service = Optional::empty;
        assertThat(diagnosis("systemd").status()).isEqualTo(Status.WARN);
        assertThat(diagnosis("systemd").remedy().orElseThrow()).endsWith("say where it is: --systemd-socket");
    }

    @Test
    void aTakenPortIsAWarning() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listen = Optional.of((InetSocketAddress) taken.getLocalSocketAddress());

            assertThat(diagnosis("listen address").status()).isEqualTo(Status.WARN);
            assertThat(diagnosis("listen address").remedy().orElseThrow()).contains("--listen");
        }
    }

    @Test
    void aHostNameThatIsUnknownIsAWarning() {
        listen = Optional.of(InetSocketAddress.createUnresolved("no.such.host.invalid", 80));

        assertThat(diagnosis("listen address").status()).isEqualTo(Status.WARN);
    }

    @Test
    void nativeAccessThatWasNotGrantedIsAWarning() {
        nativeAccess = false;

        assertThat(diagnosis("native access").remedy().orElseThrow())
                .contains("--enable-native-access=io.nodetelemetry");
    }

    @Test
    void nothingAtAllIsNoReasonToThrow() {
        Path nothing = root.resolve("nothing");
        List<Diagnosis> diagnoses = Doctor.examine(host(nothing, nothing, nothing));

        assertThat(diagnoses.stream().filter(Diagnosis::prevents).map(Diagnosis::check))
                .containsExactly("BTF", "cgroups");
        assertThat(diagnoses)
                .allSatisfy(diagnosis ->
                        assertThat(diagnosis.remedy().isPresent()).isEqualTo(diagnosis.status() != Status.OK));
    }

    private Diagnosis diagnosis(String check) {
        return examine().stream()
                .filter(diagnosis -> diagnosis.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private List<Diagnosis> examine() {
        return Doctor.examine(host(root.resolve("proc"), root.resolve("sys"), root.resolve("cgroup")));
    }

    private Host host(Path proc, Path sys, Path cgroup) {
        return new Host(
                proc,
                sys,
                cgroup,
                List.of(root.resolve("docker.sock")),
                List.of(new Host.Service("systemd", "types of units", "--systemd-socket", "run as root", service)),
                listen,
                libbpf,
                () -> "1.5.4",
                docker,
                Runtime.Version.parse("25.0.3"),
                nativeAccess);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    private void link(String link, String target) throws IOException {
        Path path = root.resolve(link);
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, Path.of(target));
    }
}
