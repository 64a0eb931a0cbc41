package io.nodetelemetry;

import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.collectors.CollectorRunner;
import io.nodetelemetry.internal.collectors.CollectorStatus;
import io.nodetelemetry.internal.collectors.applications.ApplicationsCollector;
import io.nodetelemetry.internal.collectors.cloud.CloudCollector;
import io.nodetelemetry.internal.collectors.containers.ContainersCollector;
import io.nodetelemetry.internal.collectors.delays.BpfDelays;
import io.nodetelemetry.internal.collectors.delays.DelaySource;
import io.nodetelemetry.internal.collectors.delays.DelaysCollector;
import io.nodetelemetry.internal.collectors.delays.TaskStatsDelays;
import io.nodetelemetry.internal.collectors.disks.DisksCollector;
import io.nodetelemetry.internal.collectors.lifecycle.LifecycleCollector;
import io.nodetelemetry.internal.collectors.logs.LogsCollector;
import io.nodetelemetry.internal.collectors.node.NodeCollector;
import io.nodetelemetry.internal.collectors.node.NodeNetworkCollector;
import io.nodetelemetry.internal.collectors.node.NodeResourcesCollector;
import io.nodetelemetry.internal.collectors.ping.PingCollector;
import io.nodetelemetry.internal.collectors.resources.ResourcesCollector;
import io.nodetelemetry.internal.collectors.self.SelfMetrics;
import io.nodetelemetry.internal.collectors.tcp.ConntrackFeed;
import io.nodetelemetry.internal.collectors.tcp.ProcfsAddresses;
import io.nodetelemetry.internal.collectors.tcp.TcpBounds;
import io.nodetelemetry.internal.collectors.tcp.TcpCollector;
import io.nodetelemetry.internal.export.OtlpOutlet;
import io.nodetelemetry.internal.export.PrometheusServer;
import io.nodetelemetry.internal.ffm.Libbpf;
import io.nodetelemetry.internal.ffm.LibraryUnavailableException;
import io.nodetelemetry.internal.metrics.AgentMetrics;
import io.nodetelemetry.internal.metrics.Catalog;
import io.nodetelemetry.internal.metrics.DropSource;
import io.nodetelemetry.internal.runtime.CriClient;
import io.nodetelemetry.internal.runtime.DockerClient;
import io.nodetelemetry.internal.runtime.PodmanClient;
import io.nodetelemetry.internal.runtime.RuntimeClient;
import io.nodetelemetry.internal.runtime.SystemdClient;
import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.DelayProbe;
import io.nodetelemetry.internal.source.bpf.DiskProbe;
import io.nodetelemetry.internal.source.bpf.LifecycleProbe;
import io.nodetelemetry.internal.source.bpf.LogFileProbe;
import io.nodetelemetry.internal.source.bpf.TcpProbe;
import io.nodetelemetry.internal.source.bpf.TcpSettings;
import io.nodetelemetry.internal.state.ContainerLimits;
import io.nodetelemetry.internal.state.ContainerRegistry;
import io.nodetelemetry.internal.state.ContainerSelection;
import io.nodetelemetry.model.Cidr;
import io.nodetelemetry.model.LifecycleEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every collector of the product, in the order in which they run, and what joins them. */
final class BuiltInCollectors {
    private static final Duration BPF_INTERVAL = Duration.ofSeconds(5);

    private final ContainerRegistry registry;
    private final LifecycleCollector lifecycle;
    private final ContainersCollector containers;
    private final ApplicationsCollector applications;
    private final TcpCollector tcp;
    private final Optional<PingCollector> ping;
    private final ResourcesCollector resources;
    private final DisksCollector disks;
    private final DelaysCollector delays;
    private final Optional<LogsCollector> logs;
    private final NodeCollector node;
    private final CloudCollector cloud;
    private final NodeResourcesCollector nodeResources = new NodeResourcesCollector();
    private final NodeNetworkCollector nodeNetwork = new NodeNetworkCollector();
    private final List<DropSource> drops = new ArrayList<>();
    private @Nullable PrometheusServer server;
    private @Nullable CollectorRunner runner;
    private List<BpfProbe> shownProbes = List.of();
    private List<MetricTable> bpfTables = List.of();
    private long bpfReadAt;

    BuiltInCollectors(NodeTelemetryConfig config, NodeIdentity identity) {
        NodeTelemetryConfig.Containers known = config.containers();
        NodeTelemetryConfig.ContainerFilter filter = known.filter();
        registry = new ContainerRegistry(
                InstantSource.system(),
                ContainerLimits.of(known.maxContainers(), known.nameWait(), known.retention()),
                ContainerSelection.of(filter.deny(), filter.allow(), filter.minAge(), filter.skipSystemServices()));
        containers = new ContainersCollector(
                registry,
                runtimes(config),
                ContainersCollector.Config.DEFAULT,
                () -> lifecycle().takeAll());
        lifecycle = new LifecycleCollector(bpf(libbpf -> LifecycleProbe.open(libbpf, this::dispatch)));
        applications = new ApplicationsCollector(registry, System::nanoTime);
        TcpSettings settings = tcpSettings(config, identity);
        tcp = new TcpCollector(
                bpf(libbpf -> TcpProbe.open(
                        libbpf, settings, ConntrackFeed.of(config.roots().proc()))),
                registry,
                new ProcfsAddresses(
                        config.roots().proc(),
                        identity.netns(),
                        Math.toIntExact(ProcessHandle.current().pid()),
                        System::nanoTime),
                new TcpBounds(settings.maxDestinations(), settings.maxDestinationsPerCgroup(), settings.maxListeners()),
                config.tcp().idleRetention());
        ping = ping(config.ping());
        resources = new ResourcesCollector(registry, config.resources().interval());
        disks = new DisksCollector(
                bpf(DiskProbe::open),
                registry,
                DisksCollector.Config.every(config.resources().interval()));
        delays = delays(config, registry);
        logs = LogsWiring.collector(config, registry, bpf(LogFileProbe::open), docker(config));
        node = new NodeCollector(NodeTelemetry.version());
        cloud = CloudWiring.collector(config.cloud());
    }

    private static List<RuntimeClient> runtimes(NodeTelemetryConfig config) {
        NodeTelemetryConfig.RuntimeSockets sockets = config.containers().sockets();
        List<Path> host = config.roots().host();
        List<RuntimeClient> clients = new ArrayList<>(CriClient.of(sockets.cri(), CriClient.DEFAULT_TIMEOUT));
        clients.add(docker(config));
        clients.add(new PodmanClient(sockets.podman(), host, PodmanClient.DEFAULT_TIMEOUT, System::nanoTime));
        clients.add(new SystemdClient(sockets.systemd(), host, SystemdClient.DEFAULT_TIMEOUT, System::nanoTime));
        return clients;
    }

    private static DockerClient docker(NodeTelemetryConfig config) {
        List<Path> sockets =
                config.containers().sockets().docker().map(List::of).orElse(DockerClient.DEFAULT_SOCKETS);
        return new DockerClient(sockets, DockerClient.DEFAULT_TIMEOUT);
    }

    private Optional<PingCollector> ping(NodeTelemetryConfig.Ping ping) {
        PingCollector.Config how = new PingCollector.Config(
                ping.interval(), ping.timeout(), ping.maxTargetsPerContainer(), ping.maxPerSecond());
        return ping.enabled() ? Optional.of(new PingCollector(how, registry, tcp::visitPeers)) : Optional.empty();
    }

    private static DelaysCollector delays(NodeTelemetryConfig config, ContainerRegistry registry) {
        // A container has more than one cgroup where several hierarchies are in use, or when it makes its own.
        int cgroups = 2 * config.containers().maxContainers();
        Callable<DelaySource> inKernel = bpf(libbpf -> new BpfDelays(DelayProbe.open(libbpf, cgroups)));
        return new DelaysCollector(
                List.of(context -> inKernel.call(), TaskStatsDelays::open),
                registry,
                config.resources().interval(),
                config.resources().enableDelayAccounting());
    }

    private static TcpSettings tcpSettings(NodeTelemetryConfig config, NodeIdentity identity) {
        List<Cidr> tracked = Stream.concat(
                        TcpSettings.PRIVATE_NETWORKS.stream(), config.tcp().trackPublicNetworks().stream())
                .distinct()
                .toList();
        return new TcpSettings(
                config.roots().cgroup(),
                identity.netns(),
                tracked,
                config.tcp().ephemeralPorts(),
                config.tcp().maxDestinationsPerContainer(),
                config.tcp().maxDestinations(),
                config.tcp().maxListeners(),
                config.tcp().maxContainers());
    }

    private interface BpfOpener<T> {
        T open(Libbpf libbpf) throws IOException;
    }

    /** A missing library or a kernel that refuses is a state of the collector, not a fault. */
    private static <T> Callable<T> bpf(BpfOpener<T> opener) {
        return () -> {
            try {
                return opener.open(Libbpf.load());
            } catch (LibraryUnavailableException | IOException e) {
                throw new CollectorUnavailableException(String.valueOf(e.getMessage()), e);
            }
        };
    }

    private LifecycleCollector lifecycle() {
        return lifecycle;
    }

    private void dispatch(LifecycleEvent event) {
        switch (event) {
            case LifecycleEvent.CgroupCreated(var cgroup, var path) -> containers.onCgroupCreated(cgroup, path);
            case LifecycleEvent.CgroupRemoved(var cgroup) -> containers.onCgroupRemoved(cgroup);
            case LifecycleEvent.CgroupPopulated(var cgroup, var populated) ->
                registry.cgroupPopulated(cgroup, populated);
            case LifecycleEvent.OomKilled(var cgroup, var _) -> containers.onOomKill(cgroup);
            // A process in a cgroup that nobody told us of: asked for, it will be looked up.
            case LifecycleEvent.ProcessStarted(var cgroup, var _) -> {
                var _ = registry.containerOf(cgroup);
            }
            case LifecycleEvent.ProcessExited _ -> {}
        }
    }

    /** Events come first, so that nothing that starts meanwhile is missed; then names; then what needs names. */
    List<Collector> all() {
        List<Collector> all = new ArrayList<>(List.of(lifecycle, containers, applications, tcp.openConnections(), tcp));
        ping.ifPresent(all::add);
        all.addAll(List.of(resources.readYoung(), resources, disks, delays));
        logs.ifPresent(all::add);
        all.addAll(List.of(node, cloud, nodeResources, nodeNetwork));
        return all;
    }

    AgentLoop loop(
            List<Collector> all, CollectorContext context, Map<String, String> constantLabels, Duration interval) {
        CollectorRunner created = new CollectorRunner(all, context, System::nanoTime);
        runner = created;
        return new AgentLoop(
                created,
                lifecycle,
                this::selfMetrics,
                registry::awaitsNames,
                InstantSource.system(),
                constantLabels,
                interval);
    }

    /** What is known of the cloud, as attributes of an OpenTelemetry resource. For any thread. */
    Map<String, String> cloudAttributes() {
        return cloud.resourceAttributes();
    }

    /** The server's troubles become metrics. */
    void observe(PrometheusServer observed) {
        server = observed;
        drops.add(new DropSource(
                "prometheus",
                () -> Map.of("stuck_scrape", observed.droppedScrapes(), "busy", observed.refusedScrapes())));
    }

    /** The push's troubles become metrics. */
    void observe(OtlpOutlet observed) {
        drops.add(new DropSource("otlp", () -> Map.of("failed_push", observed.failedPushes())));
    }

    private List<MetricTable> selfMetrics() {
        List<BpfProbe> probes = Stream.of(
                        lifecycle.probe(),
                        tcp.probe(),
                        disks.probe(),
                        delays.probe(),
                        logs.flatMap(LogsCollector::probe))
                .flatMap(Optional::stream)
                .toList();
        List<DropSource> sources = new ArrayList<>(drops);
        sources.add(new DropSource("containers", containers::drops));
        sources.add(new DropSource("applications", applications::drops));
        sources.add(new DropSource("delay_totals", delays::drops));
        sources.add(new DropSource("node_resources", nodeResources::drops));
        sources.add(new DropSource("node_net", nodeNetwork::drops));
        ping.ifPresent(on -> sources.add(new DropSource("ping", on::drops)));
        logs.ifPresent(on -> sources.add(new DropSource("logs", on::drops)));
        sources.add(new DropSource("resources", resources::drops));
        sources.add(new DropSource("disks", disks::drops));
        sources.add(new DropSource("tcp_series", tcp::drops));
        List<MetricTable> tables = new ArrayList<>(SelfMetrics.tables(statuses(), probes, sources));
        tables.addAll(bpfTables(probes));
        PrometheusServer observed = server;
        if (observed != null) {
            MetricTable.Builder errors = MetricTable.builder(AgentMetrics.SCRAPE_ERRORS);
            errors.row(Labels.of("encoding")).set(0, observed.encodingErrors());
            errors.row(Labels.of("gathering")).set(0, observed.gatheringErrors());
            tables.add(errors.build());
        }
        return tables;
    }

    /** Read rarely, as they say little that is new, and at once when a probe came or went. */
    private List<MetricTable> bpfTables(List<BpfProbe> probes) {
        long now = System.nanoTime();
        if (!probes.equals(shownProbes) || now - bpfReadAt >= BPF_INTERVAL.toNanos()) {
            bpfTables = SelfMetrics.bpf(probes);
            shownProbes = probes;
            bpfReadAt = now;
        }
        return bpfTables;
    }

    private List<CollectorStatus> statuses() {
        CollectorRunner running = runner;
        return running == null ? List.of() : running.statuses();
    }

    /** Every metric that can occur. */
    List<MetricFamily> families(List<Collector> others) {
        List<MetricFamily> families = new ArrayList<>(Catalog.ALL);
        others.forEach(collector -> families.addAll(collector.families()));
        return families;
    }

    /** One line for people: what is on, and what is off and why. */
    String summary() {
        List<String> on = new ArrayList<>();
        List<String> off = new ArrayList<>();
        for (CollectorStatus status : statuses()) {
            if (status.up()) {
                on.add(status.name());
            } else {
                off.add(status.name() + " (" + status.reason() + ")");
            }
        }
        String hook = tcp.hook().map(used -> "; TCP by " + used).orElse("");
        return "collectors on: " + String.join(", ", on) + (off.isEmpty() ? "" : "; off: " + String.join(", ", off))
                + hook;
    }
}
