package io.nodetelemetry.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.AgentProcess;
import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.Workload;
import java.time.Duration;

/** TCP metrics of a {@link Workload}, and how a test waits for them. */
enum TcpMetric {
    SUCCESSFUL("container_net_tcp_successful_connects_total"),
    CONNECT_SECONDS("container_net_tcp_connection_time_seconds_total"),
    ACTIVE("container_net_tcp_active_connections"),
    FAILED("container_net_tcp_failed_connects_total"),
    FAILURES("container_net_tcp_connect_failures_total"),
    ABANDONED("container_net_tcp_abandoned_connects_total"),
    BYTES_SENT("container_net_tcp_bytes_sent_total"),
    BYTES_RECEIVED("container_net_tcp_bytes_received_total"),
    RETRANSMITS("container_net_tcp_retransmits_total"),
    ACCEPTED_RETRANSMITS("container_net_tcp_accepted_retransmits_total"),
    RTT("container_net_tcp_rtt_seconds"),
    LISTEN("container_net_tcp_listen_info");

    /** Two readings of open connections take ten seconds; a busy machine may take longer. */
    static final Duration SOON = Duration.ofSeconds(60);

    private final String family;

    TcpMetric(String family) {
        this.family = family;
    }

    String family() {
        return family;
    }

    /** The sum over the workload's series that have these labels too; names and values in turn. */
    double of(AgentProcess agent, Workload workload, String... labels) {
        return agent.scrape().sum(family, with(workload, labels));
    }

    /** Waits until that sum has this value. */
    void becomes(AgentProcess agent, Workload workload, long expected, String... labels) {
        Eventually.within(
                SOON,
                () -> assertThat(of(agent, workload, labels))
                        .as("%s of %s %s", family, workload.id(), String.join(" ", labels))
                        .isEqualTo((double) expected));
    }

    /** Waits until that sum is greater. */
    void risesAbove(AgentProcess agent, Workload workload, long least, String... labels) {
        Eventually.within(
                SOON,
                () -> assertThat(of(agent, workload, labels))
                        .as("%s of %s %s", family, workload.id(), String.join(" ", labels))
                        .isGreaterThan((double) least));
    }

    private static String[] with(Workload workload, String... labels) {
        String[] all = new String[labels.length + 2];
        all[0] = "container_id";
        all[1] = workload.id();
        System.arraycopy(labels, 0, all, 2, labels.length);
        return all;
    }

    /** How an address of a host is written in labels. */
    static String address(TestHost host, boolean ipv6, int port) {
        return address(host.ip(ipv6), port);
    }

    /** How an address is written in labels. */
    static String address(String ip, int port) {
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
    }
}
