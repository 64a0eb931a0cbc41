package io.nodetelemetry.internal.collectors.self;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.CollectorStatus;
import io.nodetelemetry.internal.metrics.AgentMetrics;
import io.nodetelemetry.internal.metrics.DropSource;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the collectors do, how full the BPF maps are, what was lost. Made after the collectors were read, so it is no
 * collector itself. For the agent's thread.
 */
public final class SelfMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(SelfMetrics.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private SelfMetrics() {}

    /** How the collectors do and what was lost, at this moment. */
    public static List<MetricTable> tables(
            List<CollectorStatus> statuses, List<BpfProbe> probes, List<DropSource> drops) {
        return List.of(up(statuses), timing(statuses), drops(probes, drops));
    }

    /** The BPF programs and maps; some system calls for each. */
    public static List<MetricTable> bpf(List<BpfProbe> probes) {
        List<BpfProbe.Program> programs = allPrograms(probes);
        return List.of(hooks(programs), misses(programs), maps(probes));
    }

    private static MetricTable up(List<CollectorStatus> statuses) {
        MetricTable.Builder table = MetricTable.builder(AgentMetrics.COLLECTOR_UP);
        for (CollectorStatus status : statuses) {
            table.row(Labels.of(status.name(), status.reason())).set(0, status.up() ? 1L : 0L);
        }
        return table.build();
    }

    private static MetricTable timing(List<CollectorStatus> statuses) {
        MetricTable.Builder table =
                MetricTable.builder(AgentMetrics.COLLECTOR_DURATION, AgentMetrics.COLLECTOR_FAILURES);
        for (CollectorStatus status : statuses) {
            table.row(Labels.of(status.name()))
                    .set(0, status.durationNanos() / NANOS_PER_SECOND)
                    .set(1, status.failures());
        }
        return table.build();
    }

    private static MetricTable hooks(List<BpfProbe.Program> programs) {
        MetricTable.Builder table = MetricTable.builder(AgentMetrics.BPF_PROGRAM_INFO);
        for (BpfProbe.Program program : programs) {
            table.row(Labels.of(program.hook(), program.name())).set(0, 1L);
        }
        return table.build();
    }

    private static MetricTable misses(List<BpfProbe.Program> programs) {
        MetricTable.Builder table = MetricTable.builder(AgentMetrics.BPF_RECURSION_MISSES);
        for (BpfProbe.Program program : programs) {
            program.recursionMisses()
                    .ifPresent(count -> table.row(Labels.of(program.name())).set(0, count));
        }
        return table.build();
    }

    private static List<BpfProbe.Program> allPrograms(List<BpfProbe> probes) {
        return probes.stream()
                .flatMap(probe -> {
                    try {
                        return probe.programs().stream();
                    } catch (IOException e) {
                        LOG.debug("Programs of {} could not be read", probe.name(), e);
                        return Stream.empty();
                    }
                })
                .toList();
    }

    private static MetricTable maps(List<BpfProbe> probes) {
        MetricTable.Builder table = MetricTable.builder(AgentMetrics.BPF_MAP_ENTRIES, AgentMetrics.BPF_MAP_CAPACITY);
        for (BpfProbe probe : probes) {
            for (BpfProbe.Fill fill : probe.fills()) {
                table.row(Labels.of(fill.map())).set(0, fill.entries()).set(1, fill.capacity());
            }
        }
        return table.build();
    }

    private static MetricTable drops(List<BpfProbe> probes, List<DropSource> sources) {
        MetricTable.Builder table = MetricTable.builder(AgentMetrics.DROPS);
        for (BpfProbe probe : probes) {
            add(table, new DropSource(probe.name(), probe::drops));
        }
        for (DropSource source : sources) {
            add(table, source);
        }
        return table.build();
    }

    private static void add(MetricTable.Builder table, DropSource source) {
        try {
            for (Map.Entry<String, Long> drop : source.counts().call().entrySet()) {
                table.row(Labels.of(drop.getKey(), source.name())).set(0, drop.getValue());
            }
        } catch (Exception e) {
            LOG.debug("Drops of {} could not be read", source.name(), e);
        }
    }
}
