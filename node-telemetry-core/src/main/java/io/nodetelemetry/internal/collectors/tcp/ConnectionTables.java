package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.TcpMetrics;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.TcpConnects;
import io.nodetelemetry.model.TcpTotals;
import io.nodetelemetry.model.TcpTraffic;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Series as tables: connections by destination and what it is translated to, attempts by destination alone. */
final class ConnectionTables {
    private static final double NANOS_PER_SECOND = 1e9;

    private final MetricTable.Builder connections = MetricTable.builder(
            TcpMetrics.TCP_SUCCESSFUL_CONNECTS,
            TcpMetrics.TCP_CONNECT_TIME,
            TcpMetrics.TCP_ACTIVE_CONNECTIONS,
            TcpMetrics.TCP_RETRANSMITS,
            TcpMetrics.TCP_BYTES_SENT,
            TcpMetrics.TCP_BYTES_RECEIVED,
            TcpMetrics.TCP_RESET_CONNECTIONS,
            TcpMetrics.TCP_RTT);
    private final MetricTable.Builder attempts =
            MetricTable.builder(TcpMetrics.TCP_FAILED_CONNECTS, TcpMetrics.TCP_ABANDONED_CONNECTS);
    private final MetricTable.Builder reasons = MetricTable.builder(TcpMetrics.TCP_CONNECT_FAILURES);
    private final Map<Attempt, TcpConnects> failed = new HashMap<>();

    /** A destination of a container, whatever it is translated to. */
    private record Attempt(ContainerId container, String destination) {}

    private ConnectionTables() {}

    static List<MetricTable> of(Collection<ConnectionSeries> series) {
        ConnectionTables tables = new ConnectionTables();
        series.forEach(tables::add);
        tables.failed.forEach(tables::addAttempts);
        return List.of(tables.connections.build(), tables.attempts.build(), tables.reasons.build());
    }

    private void add(ConnectionSeries one) {
        TcpTotals sum = one.sum();
        TcpTraffic traffic = sum.traffic();
        if (one.isEstablished() || traffic.retransmits() > 0) {
            connections.row(one.connections());
            if (one.isEstablished()) {
                connections
                        .set(0, sum.connects().successful())
                        .set(1, sum.connects().nanos() / NANOS_PER_SECOND);
                connections.set(4, one.bytesSent()).set(5, one.bytesReceived());
            }
            if (sum.active() > 0) {
                connections.set(2, sum.active());
            }
            if (traffic.retransmits() > 0) {
                connections.set(3, traffic.retransmits());
            }
            if (traffic.resets() > 0) {
                connections.set(6, traffic.resets());
            }
            one.roundTripSeconds().ifPresent(seconds -> connections.set(7, seconds));
        }
        if (sum.connects().failed() > 0 || sum.connects().abandoned() > 0) {
            failed.merge(new Attempt(one.key().container(), one.destination()), sum.connects(), TcpConnects::plus);
        }
    }

    private void addAttempts(Attempt attempt, TcpConnects connects) {
        attempts.row(Labels.of(attempt.container().value(), attempt.destination()));
        if (connects.failed() > 0) {
            attempts.set(0, connects.failed());
        }
        if (connects.abandoned() > 0) {
            attempts.set(1, connects.abandoned());
        }
        addReason(attempt, "refused", connects.refused());
        addReason(attempt, "timed_out", connects.timedOut());
        addReason(attempt, "unreachable", connects.unreachable());
        addReason(attempt, "reset", connects.reset());
        addReason(attempt, "other", connects.failedOtherwise());
    }

    private void addReason(Attempt attempt, String reason, long count) {
        if (count > 0) {
            reasons.row(Labels.of(attempt.container().value(), attempt.destination(), reason))
                    .set(0, count);
        }
    }
}
