package io.nodetelemetry;

import static java.util.Objects.requireNonNull;

import io.nodetelemetry.NodeTelemetryConfig.Cloud;
import io.nodetelemetry.NodeTelemetryConfig.CloudMetadata;
import io.nodetelemetry.NodeTelemetryConfig.ContainerFilter;
import io.nodetelemetry.NodeTelemetryConfig.Containers;
import io.nodetelemetry.NodeTelemetryConfig.Logs;
import io.nodetelemetry.NodeTelemetryConfig.Otlp;
import io.nodetelemetry.NodeTelemetryConfig.Ping;
import io.nodetelemetry.NodeTelemetryConfig.Prometheus;
import io.nodetelemetry.NodeTelemetryConfig.Protocol;
import io.nodetelemetry.NodeTelemetryConfig.Resources;
import io.nodetelemetry.NodeTelemetryConfig.Roots;
import io.nodetelemetry.NodeTelemetryConfig.RuntimeSockets;
import io.nodetelemetry.NodeTelemetryConfig.Tcp;
import io.nodetelemetry.collector.Collector;
import io.nodetelemetry.model.Cidr;
import io.nodetelemetry.model.PortRange;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects a configuration and starts it. Every method checks its value at once: a wrong one is an
 * {@link IllegalArgumentException} that names the field, the value and what is allowed.
 *
 * <pre>{@code
 * NodeTelemetry telemetry = NodeTelemetry.builder()
 *         .openTelemetry(hostsOpenTelemetry)      // the host's own pipeline; no port is opened
 *         .trackPublicNetwork("8.8.8.0/24")
 *         .start();
 * }</pre>
 *
 * <p>For one thread, and one start.
 */
public final class NodeTelemetryBuilder {
    private Roots roots = Roots.DEFAULTS;
    private Tcp tcp = Tcp.DEFAULTS;
    private Containers containers = Containers.DEFAULTS;
    private Logs logs = Logs.DEFAULTS;
    private Ping ping = Ping.DEFAULTS;
    private Resources resources = Resources.DEFAULTS;
    private Cloud cloud = Cloud.DEFAULTS;
    private Optional<Prometheus> prometheus = Optional.empty();
    private Optional<Otlp> otlp = Optional.empty();
    private Duration collectInterval = NodeTelemetryConfig.DEFAULTS.collectInterval();
    private final List<OpenTelemetry> openTelemetries = new ArrayList<>();
    private final List<MetricReader> readers = new ArrayList<>();
    private final List<Collector> collectors = new ArrayList<>();

    NodeTelemetryBuilder() {}

    // Outlets

    /**
     * Opens a port that Prometheus can scrape at {@code /metrics}.
     *
     * @param host address or name of the interface to listen on; {@code 0.0.0.0} for all of them
     * @param port 0 to 65 535; 0 takes any free one
     */
    public NodeTelemetryBuilder prometheus(String host, int port) {
        prometheus = Optional.of(new Prometheus(host, port));
        return this;
    }

    /**
     * Pushes to an OTLP receiver over HTTP, with the defaults of the OpenTelemetry specification.
     *
     * @param base the receiver, such as {@code http://localhost:4318}; {@code v1/metrics} is added to it
     */
    public NodeTelemetryBuilder otlp(URI base) {
        return otlp(Otlp.to(base, Protocol.HTTP_PROTOBUF));
    }

    /** Pushes to an OTLP receiver. */
    public NodeTelemetryBuilder otlp(Otlp push) {
        otlp = Optional.of(push);
        return this;
    }

    /**
     * Reports through the host's OpenTelemetry, by asynchronous instruments of a meter {@code io.nodetelemetry}. The host
     * keeps it and closes it. May be called several times.
     *
     * <p>The SDK keeps 2 000 series per instrument unless the host raises the cardinality limit of its reader.
     */
    public NodeTelemetryBuilder openTelemetry(OpenTelemetry openTelemetry) {
        openTelemetries.add(requireNonNull(openTelemetry, "openTelemetry"));
        return this;
    }

    /**
     * Reports through any reader of the OpenTelemetry SDK. The agent shuts it down when it closes, as an
     * {@code SdkMeterProvider} would. May be called several times.
     */
    public NodeTelemetryBuilder metricReader(MetricReader reader) {
        readers.add(requireNonNull(reader, "reader"));
        return this;
    }

    // What is watched

    /** Runs the host's collector beside the built-in ones, and closes it. May be called several times. */
    public NodeTelemetryBuilder collector(Collector collector) {
        collectors.add(requireNonNull(collector, "collector"));
        return this;
    }

    /** Keeps destinations in a public network, such as {@code 8.8.8.0/24}; may be called several times. */
    public NodeTelemetryBuilder trackPublicNetwork(String cidr) {
        return trackPublicNetwork(Cidr.parse(cidr));
    }

    /** Keeps destinations in a public network; may be called several times. */
    public NodeTelemetryBuilder trackPublicNetwork(Cidr network) {
        tcp = tcp.withPublicNetwork(network);
        return this;
    }

    /**
     * Counts connections to these ports as {@code ~other}, and does not show who listens on them; may be called several
     * times.
     */
    public NodeTelemetryBuilder ephemeralPorts(PortRange ports) {
        tcp = tcp.withEphemeralPorts(ports);
        return this;
    }

    /** How many destinations of one container are told apart, 1 to 65 536; the others are counted as {@code ~other}. */
    public NodeTelemetryBuilder maxDestinationsPerContainer(int max) {
        tcp = tcp.withMaxDestinationsPerContainer(max);
        return this;
    }

    /** Replaces all that is set for TCP. */
    public NodeTelemetryBuilder tcp(Tcp settings) {
        tcp = requireNonNull(settings, "settings");
        return this;
    }

    /** Replaces all that is set for containers. */
    public NodeTelemetryBuilder containers(Containers settings) {
        containers = requireNonNull(settings, "settings");
        return this;
    }

    /** The Docker Engine's socket, where it is in none of the usual places. */
    public NodeTelemetryBuilder dockerSocket(Path socket) {
        return runtimeSockets(containers.sockets().withDocker(socket));
    }

    /** A socket of containerd or CRI-O, in place of the usual ones; may be called several times. */
    public NodeTelemetryBuilder criSocket(Path socket) {
        return runtimeSockets(containers.sockets().withCri(socket));
    }

    /** The socket of Podman's API service, where it is in none of the usual places. */
    public NodeTelemetryBuilder podmanSocket(Path socket) {
        return runtimeSockets(containers.sockets().withPodman(socket));
    }

    /** The D-Bus socket of systemd, where it is in none of the usual places. */
    public NodeTelemetryBuilder systemdSocket(Path socket) {
        return runtimeSockets(containers.sockets().withSystemd(socket));
    }

    private NodeTelemetryBuilder runtimeSockets(RuntimeSockets sockets) {
        containers = new Containers(
                sockets,
                containers.filter(),
                containers.nameWait(),
                containers.retention(),
                containers.maxContainers());
        return this;
    }

    /** Leaves out containers and services whose id the expression matches; may be called several times. */
    public NodeTelemetryBuilder denyContainers(String expression) {
        return filter(containers.filter().withDenied(expression));
    }

    /** Reports only containers and services whose id an allowed expression matches; may be called several times. */
    public NodeTelemetryBuilder allowContainers(String expression) {
        return filter(containers.filter().withAllowed(expression));
    }

    /** Reports a container only once it has run that long, 0 to 1 h. */
    public NodeTelemetryBuilder minContainerAge(Duration age) {
        return filter(containers.filter().withMinAge(age));
    }

    /** Whether the operating system's own services are left out; they are reported unless this says so. */
    public NodeTelemetryBuilder skipSystemServices(boolean skip) {
        return filter(containers.filter().withSkipSystemServices(skip));
    }

    private NodeTelemetryBuilder filter(ContainerFilter filter) {
        containers = new Containers(
                containers.sockets(),
                filter,
                containers.nameWait(),
                containers.retention(),
                containers.maxContainers());
        return this;
    }

    // Resources

    /** Replaces all that is set for resources. */
    public NodeTelemetryBuilder resources(Resources settings) {
        resources = requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Whether to switch on {@code kernel.task_delayacct}, without which I/O delays are not accounted; not done unless
     * this says so. It stays on after the agent's end.
     */
    public NodeTelemetryBuilder enableDelayAccounting(boolean enable) {
        resources = new Resources(resources.interval(), enable);
        return this;
    }

    /** Whether the logs of containers and services are read; they are unless this says no. */
    public NodeTelemetryBuilder parseLogs(boolean enabled) {
        logs = logs.withEnabled(enabled);
        return this;
    }

    /** Replaces all that is set for logs. */
    public NodeTelemetryBuilder logs(Logs settings) {
        logs = requireNonNull(settings, "settings");
        return this;
    }

    /** Whether destinations may be pinged; they may unless this says no. */
    public NodeTelemetryBuilder pingUpstreams(boolean enabled) {
        ping = ping.withEnabled(enabled);
        return this;
    }

    /** Replaces all that is set for round-trip times. */
    public NodeTelemetryBuilder ping(Ping settings) {
        ping = requireNonNull(settings, "settings");
        return this;
    }

    /** The cloud's name, where it is not to be found out. */
    public NodeTelemetryBuilder cloudProvider(String provider) {
        return cloud(cloud.withProvider(provider));
    }

    /** The cloud's region, where it is not to be found out. */
    public NodeTelemetryBuilder region(String region) {
        return cloud(cloud.withRegion(region));
    }

    /** The cloud's availability zone, where it is not to be found out. */
    public NodeTelemetryBuilder availabilityZone(String availabilityZone) {
        return cloud(cloud.withAvailabilityZone(availabilityZone));
    }

    /** The cloud's name of the machine's make, where it is not to be found out. */
    public NodeTelemetryBuilder instanceType(String instanceType) {
        return cloud(cloud.withInstanceType(instanceType));
    }

    /** Whether the instance is on demand, spot or the like, where it is not to be found out. */
    public NodeTelemetryBuilder instanceLifeCycle(String instanceLifeCycle) {
        return cloud(cloud.withInstanceLifeCycle(instanceLifeCycle));
    }

    /** Replaces all that is set for the cloud. */
    public NodeTelemetryBuilder cloud(Cloud settings) {
        cloud = requireNonNull(settings, "settings");
        return this;
    }

    /** How the cloud's metadata service is asked. */
    public NodeTelemetryBuilder cloudMetadata(CloudMetadata settings) {
        return cloud(cloud.withMetadata(settings));
    }

    /** How often collectors are read, 100 ms to 1 h. */
    public NodeTelemetryBuilder collectInterval(Duration interval) {
        Limits.between("collectInterval", interval, Duration.ofMillis(100), Duration.ofHours(1));
        collectInterval = interval;
        return this;
    }

    // Where the kernel is seen

    /** Where procfs of the host's pid namespace is mounted. */
    public NodeTelemetryBuilder procRoot(Path path) {
        roots = new Roots(path, roots.sys(), roots.cgroup());
        return this;
    }

    /** Where sysfs is mounted. */
    public NodeTelemetryBuilder sysRoot(Path path) {
        roots = new Roots(roots.proc(), path, roots.cgroup());
        return this;
    }

    /** Where the cgroup file systems are mounted. */
    public NodeTelemetryBuilder cgroupRoot(Path path) {
        roots = new Roots(roots.proc(), roots.sys(), path);
        return this;
    }

    /** What has been set so far. */
    public NodeTelemetryConfig config() {
        return new NodeTelemetryConfig(
                roots, tcp, containers, logs, ping, resources, cloud, prometheus, otlp, collectInterval);
    }

    /**
     * Starts the agent. The host's classes are not called after this returns but for the attached readers, instruments
     * and collectors.
     *
     * @throws NodeTelemetryException if it cannot run as configured; nothing is left open then
     */
    public NodeTelemetry start() {
        return new NodeTelemetry(Agent.start(config(), new Attachments(openTelemetries, readers, collectors)));
    }
}
