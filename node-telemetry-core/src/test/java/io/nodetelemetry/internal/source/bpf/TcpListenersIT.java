package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.TcpListener;
import io.nodetelemetry.model.TcpListener.Family;
import io.nodetelemetry.model.TcpListenerState;
import io.nodetelemetry.testing.RequiresKernel;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What listeners take, and who is forgotten, for every hook. */
@RequiresKernel
final class TcpListenersIT {
    /** Listens on port 80 for IPv4, on 81 for both and on 82 for IPv6 alone, and goes at the end of its input. */
    private static final String LISTENERS = """
            use IO::Socket::IP;
            my @all = (
                IO::Socket::IP->new(LocalHost => "0.0.0.0", LocalPort => 80, Listen => 5),
                IO::Socket::IP->new(LocalHost => "::", LocalPort => 81, Listen => 5, V6Only => 0),
                IO::Socket::IP->new(LocalHost => "::", LocalPort => 82, Listen => 5, V6Only => 1));
            $| = 1;
            print "ready\\n";
            <STDIN>;
            """;

    @BeforeAll
    static void mountTracefs() {
        ProbedTcp.mountTracefs();
    }

    @AfterAll
    static void unmountTracefs() {
        ProbedTcp.unmountTracefs();
    }

    private static Process listen(TestHost host) throws Exception {
        Process process = new ProcessBuilder(host.inside(List.of("perl", "-e", LISTENERS)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }

    private static int netns(TestHost host) throws Exception {
        return ((Long) Files.getAttribute(Path.of("/proc/" + host.pid() + "/ns/net"), "unix:ino")).intValue();
    }

    private static void assertFamilies(ProbedTcp tcp, int netns, int process) throws Exception {
        List<Family> expected = List.of(Family.IPV4, Family.IPV6, Family.IPV6_ONLY);
        for (int i = 0; i < expected.size(); i++) {
            Map<TcpListener, TcpListenerState> found = tcp.listeners(netns, 80 + i);
            assertThat(found).hasSize(1);
            found.forEach((listener, state) -> assertThat(state.process()).isEqualTo(process));
            assertThat(found.keySet().iterator().next().family()).isEqualTo(expected.get(i));
            assertThat(found.values().iterator().next().open()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TcpHook.class)
    void familiesOfOlderAndNewerOnes(TcpHook hook) throws Exception {
        ProbedTcp.unlessSkipped(() -> {
            try (TestNetwork network = TestNetwork.of("older", "newer")) {
                TestHost older = network.host("older");
                TestHost newer = network.host("newer");
                Process first = listen(older);
                try (ProbedTcp tcp = ProbedTcp.open(hook)) {
                    Process second = listen(newer);
                    assertFamilies(tcp, netns(older), (int) first.pid());
                    assertFamilies(tcp, netns(newer), (int) second.pid());

                    first.getOutputStream().close();
                    second.getOutputStream().close();
                    assertThat(first.waitFor()).isZero();
                    assertThat(second.waitFor()).isZero();
                    for (TestHost host : List.of(older, newer)) {
                        Map<TcpListener, TcpListenerState> closed = tcp.listeners(netns(host), 82);
                        assertThat(closed.values().iterator().next().open()).isZero();
                        tcp.probe().remove(closed.keySet().iterator().next());
                        assertThat(tcp.listeners(netns(host), 82)).isEmpty();
                    }
                } finally {
                    first.destroy();
                }
            }
        });
    }
}
