package io.nodetelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tests' own network does what tests rely on. */
@Requires(HostFeature.ROOT)
class TestNetworkIT {
    private static final String SERVER =
            LoadDriver.folder().resolve("tcpserver").toString();
    private static final String CLIENT =
            LoadDriver.folder().resolve("tcpclient").toString();

    private static Process serve(TestCgroup cgroup, TestHost host, boolean ipv6) throws Exception {
        Process server = cgroup.start(host.inside(SERVER + " 8080 " + host.ip(ipv6)));
        assertThat(server.inputReader().readLine()).startsWith("ready");
        return server;
    }

    @ParameterizedTest
    @CsvSource({"NFT,false", "NFT,true", "IPTABLES,false", "IPTABLES,true"})
    void serviceIsSpreadOverItsBackendsInTurn(ServiceAddress way, boolean ipv6) throws Exception {
        try (TestCgroup cgroup = TestCgroup.create("network");
                TestNetwork network = TestNetwork.of("client", "one", "two")) {
            TestHost client = network.host("client");
            TestHost one = network.host("one");
            TestHost two = network.host("two");
            Process first = serve(cgroup, one, ipv6);
            Process second = serve(cgroup, two, ipv6);
            String service = ipv6 ? "fd96::10" : "10.96.0.10";
            way.spread(client, ipv6, service, 80, List.of(one.ip(ipv6), two.ip(ipv6)), 8080);

            client.run(CLIENT, "connect", service, "80", "10", "1").succeeded();

            assertThat(client.counter("Tcp", "ActiveOpens")).isEqualTo(10);
            assertThat(one.counter("Tcp", "PassiveOpens")).isEqualTo(5);
            assertThat(two.counter("Tcp", "PassiveOpens")).isEqualTo(5);
            first.destroy();
            second.destroy();
        }
    }

    @Test
    void blackHoleAnswersNothing() {
        try (TestNetwork network = TestNetwork.of("client", "server")) {
            network.host("server").blackHole(81);

            Command refused = network.host("client")
                    .run(CLIENT, "refused", network.host("server").ipv6(), "80", "1", "1");
            Command lost = network.host("client")
                    .run(
                            "timeout",
                            "0.5",
                            CLIENT,
                            "refused",
                            network.host("server").ipv6(),
                            "81",
                            "1",
                            "1");

            assertThat(refused.out()).contains("refused=1");
            assertThat(lost.exitCode()).isEqualTo(124);
            assertThat(network.host("server").counter("Tcp", "OutRsts")).isEqualTo(1);
        }
    }
}
