package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.BtfLayout;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The offsets that the decoders use are those that clang gave the structs: read from the objects' BTF. */
final class SharedStructsTest {
    private final BtfLayout tcp = BtfLayout.of(BpfResources.read("tcp"));
    private final BtfLayout disks = BtfLayout.of(BpfResources.read("disks"));
    private final BtfLayout logfiles = BtfLayout.of(BpfResources.read("logfiles"));
    private final BtfLayout lifecycle = BtfLayout.of(BpfResources.read("lifecycle"));
    private final BtfLayout delays = BtfLayout.of(BpfResources.read("delays"));

    SharedStructsTest() throws IOException {}

    private static int offset(BtfLayout layout, String struct, String field) {
        return layout.struct(struct).field(field).offset();
    }

    @Test
    void destination() {
        assertThat(tcp.struct("destination").size()).isEqualTo(TcpDecoder.DESTINATION_SIZE);
        assertThat(offset(tcp, "destination", "cgroup_id")).isEqualTo(0);
        assertThat(offset(tcp, "destination", "address")).isEqualTo(8);
        assertThat(offset(tcp, "destination", "actual")).isEqualTo(24);
        assertThat(offset(tcp, "destination", "hierarchy")).isEqualTo(40);
        assertThat(offset(tcp, "destination", "port")).isEqualTo(44);
        assertThat(offset(tcp, "destination", "actual_port")).isEqualTo(46);
    }

    @Test
    void totals() {
        assertThat(tcp.struct("tcp_totals").size()).isEqualTo(TcpDecoder.TOTALS_SIZE);
        List<String> fields = List.of(
                "successful",
                "connect_nanos",
                "refused",
                "timed_out",
                "unreachable",
                "reset",
                "failed_otherwise",
                "abandoned",
                "bytes_sent",
                "bytes_received",
                "retransmits",
                "resets",
                "rtt_micros",
                "rtt_samples",
                "active",
                "last_nanos");
        for (int i = 0; i < fields.size(); i++) {
            assertThat(offset(tcp, "tcp_totals", fields.get(i))).isEqualTo(8 * i);
        }
    }

    @Test
    void listener() {
        assertThat(tcp.struct("listener").size()).isEqualTo(TcpDecoder.LISTENER_SIZE);
        assertThat(offset(tcp, "listener", "cgroup_id")).isEqualTo(0);
        assertThat(offset(tcp, "listener", "address")).isEqualTo(8);
        assertThat(offset(tcp, "listener", "hierarchy")).isEqualTo(24);
        assertThat(offset(tcp, "listener", "netns")).isEqualTo(28);
        assertThat(offset(tcp, "listener", "port")).isEqualTo(32);
        assertThat(offset(tcp, "listener", "family")).isEqualTo(34);
        assertThat(offset(tcp, "listener", "v6_only")).isEqualTo(36);
    }

    @Test
    void listeningAt() {
        assertThat(tcp.struct("listening_at").size()).isEqualTo(24);
        assertThat(offset(tcp, "listening_at", "address")).isEqualTo(0);
        assertThat(offset(tcp, "listening_at", "netns")).isEqualTo(16);
        assertThat(offset(tcp, "listening_at", "port")).isEqualTo(20);
    }

    @Test
    void listenerState() {
        assertThat(tcp.struct("listener_state").size()).isEqualTo(TcpDecoder.LISTENER_STATE_SIZE);
        assertThat(offset(tcp, "listener_state", "open")).isEqualTo(0);
        assertThat(offset(tcp, "listener_state", "closed_nanos")).isEqualTo(8);
        assertThat(offset(tcp, "listener_state", "retransmits")).isEqualTo(16);
        assertThat(offset(tcp, "listener_state", "tgid")).isEqualTo(24);
    }

    @Test
    void openTraffic() {
        assertThat(tcp.struct("open_traffic").size()).isEqualTo(TcpDecoder.OPEN_TRAFFIC_SIZE);
        assertThat(offset(tcp, "open_traffic", "bytes_sent")).isEqualTo(0);
        assertThat(offset(tcp, "open_traffic", "bytes_received")).isEqualTo(8);
        assertThat(offset(tcp, "open_traffic", "rtt_micros")).isEqualTo(16);
        assertThat(offset(tcp, "open_traffic", "rtt_samples")).isEqualTo(24);
    }

    @Test
    void socket() {
        assertThat(tcp.struct("tcp_socket").size()).isEqualTo(TcpDecoder.SOCKET_SIZE);
        assertThat(offset(tcp, "tcp_socket", "role")).isEqualTo(TcpDecoder.SOCKET_ROLE_OFFSET);
        assertThat(offset(tcp, "tcp_socket", "started_nanos")).isEqualTo(TcpDecoder.SOCKET_STARTED_OFFSET);
        assertThat(tcp.enumValue("ROLE_ACTIVE")).isEqualTo(TcpDecoder.ROLE_ACTIVE);
        assertThat(tcp.enumValue("ROLE_CLOSING")).isEqualTo(TcpDecoder.ROLE_CLOSING);
        assertThat(tcp.struct("older_socket").size()).isEqualTo(TcpDecoder.SOCKET_SIZE + 16);
        assertThat(offset(tcp, "older_socket", "socket")).isZero();
    }

    @Test
    void flow() {
        assertThat(tcp.struct("tcp_flow").size()).isEqualTo(TcpDecoder.FLOW_SIZE);
        assertThat(offset(tcp, "tcp_flow", "source")).isEqualTo(0);
        assertThat(offset(tcp, "tcp_flow", "destination")).isEqualTo(16);
        assertThat(offset(tcp, "tcp_flow", "source_port")).isEqualTo(32);
        assertThat(offset(tcp, "tcp_flow", "destination_port")).isEqualTo(34);
    }

    @Test
    void cgroupAndNetwork() {
        assertThat(tcp.struct("cgroup_ref").size()).isEqualTo(16);
        assertThat(offset(tcp, "cgroup_ref", "id")).isEqualTo(0);
        assertThat(offset(tcp, "cgroup_ref", "hierarchy")).isEqualTo(8);
        assertThat(tcp.struct("tracked_key").size()).isEqualTo(20);
        assertThat(offset(tcp, "tracked_key", "prefix_length")).isEqualTo(0);
        assertThat(offset(tcp, "tracked_key", "address")).isEqualTo(4);
    }

    @Test
    void configuration() {
        assertThat(tcp.variable(".rodata", "tcp_config").offset()).isZero();
        assertThat(offset(tcp, "tcp_config", "host_netns")).isEqualTo(0);
        assertThat(offset(tcp, "tcp_config", "tracepoints_count_all")).isEqualTo(4);
        assertThat(offset(tcp, "tcp_config", "max_rows_per_cgroup")).isEqualTo(8);
        assertThat(offset(tcp, "tcp_config", "ephemeral_ranges")).isEqualTo(12);
        assertThat(offset(tcp, "tcp_config", "ephemeral")).isEqualTo(16);
        assertThat(tcp.struct("tcp_config").size()).isEqualTo(TcpDecoder.CONFIG_SIZE);
    }

    @Test
    void events() {
        assertThat(lifecycle.struct("event").size()).isEqualTo(LifecycleDecoder.HEADER_SIZE);
        assertThat(offset(lifecycle, "event", "cgroup")).isEqualTo(0);
        assertThat(offset(lifecycle, "event", "kind")).isEqualTo(16);
        assertThat(offset(lifecycle, "event", "tgid")).isEqualTo(20);
        assertThat(offset(lifecycle, "cgroup_event", "path")).isEqualTo(LifecycleDecoder.HEADER_SIZE);
        assertThat(lifecycle.enumValue("EVENT_CGROUP_CREATED")).isEqualTo(0);
        assertThat(lifecycle.enumValue("EVENT_CGROUP_REMOVED")).isEqualTo(1);
        assertThat(lifecycle.enumValue("EVENT_PROCESS_STARTED")).isEqualTo(2);
        assertThat(lifecycle.enumValue("EVENT_PROCESS_EXITED")).isEqualTo(3);
        assertThat(lifecycle.enumValue("EVENT_OOM_KILLED")).isEqualTo(4);
        assertThat(lifecycle.enumValue("EVENT_CGROUP_OCCUPIED")).isEqualTo(5);
        assertThat(lifecycle.enumValue("EVENT_CGROUP_VACATED")).isEqualTo(6);
    }

    @Test
    void writtenMount() {
        assertThat(disks.struct("written_mount").size()).isEqualTo(WrittenMount.SIZE);
        assertThat(offset(disks, "written_mount", "cgroup")).isEqualTo(0);
        assertThat(offset(disks, "written_mount", "mount_id")).isEqualTo(WrittenMount.MOUNT_ID_OFFSET);
        assertThat(offset(disks, "written_mount", "device")).isEqualTo(WrittenMount.DEVICE_OFFSET);
    }

    @Test
    void openLog() {
        assertThat(logfiles.struct("open_log").size()).isEqualTo(OpenLogFile.SIZE);
        assertThat(offset(logfiles, "open_log", "cgroup")).isEqualTo(0);
        assertThat(offset(logfiles, "open_log", "tgid")).isEqualTo(OpenLogFile.PID_OFFSET);
        assertThat(offset(logfiles, "open_log", "fd")).isEqualTo(OpenLogFile.FD_OFFSET);
        assertThat(offset(logfiles, "open_log", "how")).isEqualTo(OpenLogFile.HOW_OFFSET);
        assertThat(offset(logfiles, "open_log", "names")).isEqualTo(OpenLogFile.NAMES_OFFSET);
    }

    @Test
    void delayRows() {
        assertThat(delays.struct("delay_row").size()).isEqualTo(DelayDecoder.ROW_SIZE);
        assertThat(offset(delays, "delay_row", "delays")).isEqualTo(0);
        assertThat(offset(delays, "delays", "run_nanos")).isEqualTo(DelayDecoder.RUN_OFFSET);
        assertThat(offset(delays, "delays", "block_nanos")).isEqualTo(DelayDecoder.BLOCK_OFFSET);
        assertThat(offset(delays, "delay_row", "tasks")).isEqualTo(DelayDecoder.TASKS_OFFSET);
        assertThat(offset(delays, "delay_row", "session")).isEqualTo(DelayDecoder.SESSION_OFFSET);
        assertThat(delays.struct("delay_pass").size()).isEqualTo(DelayDecoder.PASS_SIZE);
        assertThat(offset(delays, "delay_pass", "session")).isEqualTo(DelayDecoder.PASS_SESSION_OFFSET);
        assertThat(offset(delays, "delay_pass", "has_block_delays")).isEqualTo(DelayDecoder.HAS_BLOCK_DELAYS_OFFSET);
    }

    @Test
    void dropReasons() {
        for (DropReason reason : DropReason.values()) {
            BtfLayout layout = switch (reason) {
                case EVENT, OOM_VICTIM -> lifecycle;
                case MOUNT -> disks;
                case DELAY_ROW, DELAY_JUMP -> delays;
                case DESTINATION_OVERFLOW,
                        CGROUP_OVERFLOW,
                        SOCKET,
                        LISTENER,
                        DESTINATION_LIMIT,
                        TRANSLATION,
                        OPEN_CONNECTION -> tcp;
            };
            assertThat(layout.enumValue("DROP_" + reason.name())).isEqualTo(reason.index());
        }
        assertThat(tcp.enumValue("DROP_REASONS")).isEqualTo(DropReason.values().length);
    }
}
