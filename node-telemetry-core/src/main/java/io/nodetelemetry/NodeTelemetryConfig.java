package io.nodetelemetry;

import static java.util.Objects.requireNonNull;

import io.nodetelemetry.model.Cidr;
import io.nodetelemetry.model.LogLevel;
import io.nodetelemetry.model.PortRange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that can be set, one record per concern, each checked when it is made: a wrong value is an
 * {@link IllegalArgumentException} that names the field, the value and what is allowed. Immutable. Made by
 * {@link NodeTelemetryBuilder}; {@link #DEFAULTS} is where it begins.
 *
 * @param roots where the kernel's file systems are seen
 * @param tcp what is counted of TCP, and how much of it
 * @param containers how containers are named and how long they are remembered
 * @param logs what is read of the containers' logs
 * @param ping whether round-trip times are measured
 * @param resources how often resources are read
 * @param cloud what the operator says about the cloud the node is in
 * @param prometheus where metrics can be scraped; empty: no port is opened
 * @param otlp where metrics are pushed; empty: nothing is pushed
 * @param collectInterval how often collectors are read, 100 ms to 1 h; a scrape sees data at most this old
 */
public record NodeTelemetryConfig(
        Roots roots,
        Tcp tcp,
        Containers containers,
        Logs logs,
        Ping ping,
        Resources resources,
        Cloud cloud,
        Optional<Prometheus> prometheus,
        Optional<Otlp> otlp,
        Duration collectInterval) {

    /** All collectors on, no outlet. */
    public static final NodeTelemetryConfig DEFAULTS = new NodeTelemetryConfig(
            Roots.DEFAULTS,
            Tcp.DEFAULTS,
            Containers.DEFAULTS,
            Logs.DEFAULTS,
            Ping.DEFAULTS,
            Resources.DEFAULTS,
            Cloud.DEFAULTS,
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(1));

    public NodeTelemetryConfig {
        requireNonNull(roots, "roots");
        requireNonNull(tcp, "tcp");
        requireNonNull(containers, "containers");
        requireNonNull(logs, "logs");
        requireNonNull(ping, "ping");
        requireNonNull(resources, "resources");
        requireNonNull(cloud, "cloud");
        requireNonNull(prometheus, "prometheus");
        requireNonNull(otlp, "otlp");
        Limits.between("collectInterval", collectInterval, Duration.ofMillis(100), Duration.ofHours(1));
    }

    /**
     * Where the kernel's file systems are seen. Absolute paths; they need not exist yet.
     *
     * @param proc procfs of the host's pid namespace
     * @param sys sysfs
     * @param cgroup the cgroup file systems: cgroup2, or the directory that holds the v1 hierarchies
     */
    public record Roots(Path proc, Path sys, Path cgroup) {
        static final Roots DEFAULTS = new Roots(Path.of("/proc"), Path.of("/sys"), Path.of("/sys/fs/cgroup"));

        public Roots {
            Limits.absolute("roots.proc", proc);
            Limits.absolute("roots.sys", sys);
            Limits.absolute("roots.cgroup", cgroup);
        }

        /** Where the host's root directory may be seen, best first: an agent in a container has another one. */
        List<Path> host() {
            return List.of(proc.resolve("1/root"), Path.of("/"));
        }
    }

    /**
     * TCP by container. The three capacities size tables in the kernel; what does not fit is counted in a row
     * {@code ~other}.
     *
     * @param trackPublicNetworks public networks whose destinations are kept; private ones always are
     * @param ephemeralPorts ports that are nobody's for long: connections to them count as {@code ~other}, and who
     *     listens on them is not shown; at most 8 ranges
     * @param maxDestinationsPerContainer destinations of one container that are told apart, 1 to 65 536
     * @param maxDestinations pairs of container and destination, 1 to 1 048 576
     * @param maxListeners pairs of container and listening address, 1 to 1 048 576
     * @param maxContainers cgroups with sockets, 1 to 65 536
     * @param idleRetention how long a destination without open connection and without attempt, or an address that
     *     nobody listens on any more, keeps its series; 1 s to 24 h
     */
    public record Tcp(
            List<Cidr> trackPublicNetworks,
            List<PortRange> ephemeralPorts,
            int maxDestinationsPerContainer,
            int maxDestinations,
            int maxListeners,
            int maxContainers,
            Duration idleRetention) {
        static final Tcp DEFAULTS = new Tcp(List.of(), List.of(), 1_000, 65_536, 8_192, 4_096, Duration.ofMinutes(10));

        public Tcp {
            trackPublicNetworks = List.copyOf(trackPublicNetworks);
            Limits.atMost("tcp.trackPublicNetworks", trackPublicNetworks.size(), 1_024);
            ephemeralPorts = List.copyOf(ephemeralPorts);
            Limits.atMost("tcp.ephemeralPorts", ephemeralPorts.size(), 8);
            Limits.between("tcp.maxDestinationsPerContainer", maxDestinationsPerContainer, 1, 65_536);
            Limits.between("tcp.maxDestinations", maxDestinations, 1, 1_048_576);
            Limits.between("tcp.maxListeners", maxListeners, 1, 1_048_576);
            Limits.between("tcp.maxContainers", maxContainers, 1, 65_536);
            Limits.between("tcp.idleRetention", idleRetention, Duration.ofSeconds(1), Duration.ofDays(1));
        }

        Tcp withPublicNetwork(Cidr network) {
            return new Tcp(
                    Stream.concat(trackPublicNetworks.stream(), Stream.of(network))
                            .toList(),
                    ephemeralPorts,
                    maxDestinationsPerContainer,
                    maxDestinations,
                    maxListeners,
                    maxContainers,
                    idleRetention);
        }

        Tcp withEphemeralPorts(PortRange ports) {
            return new Tcp(
                    trackPublicNetworks,
                    Stream.concat(ephemeralPorts.stream(), Stream.of(ports)).toList(),
                    maxDestinationsPerContainer,
                    maxDestinations,
                    maxListeners,
                    maxContainers,
                    idleRetention);
        }

        Tcp withMaxDestinationsPerContainer(int max) {
            return new Tcp(
                    trackPublicNetworks,
                    ephemeralPorts,
                    max,
                    maxDestinations,
                    maxListeners,
                    maxContainers,
                    idleRetention);
        }
    }

    /**
     * Containers and services.
     *
     * @param sockets where the runtimes listen
     * @param filter which containers are reported
     * @param nameWait how long the metrics of a new container are held back for its runtime to name it, 0 to 1 min;
     *     after that it appears under an id made of its cgroup path
     * @param retention how long a container that ended is still reported, 0 to 24 h
     * @param maxContainers containers that are known at a time, ended ones included, 1 to 65 536
     */
    public record Containers(
            RuntimeSockets sockets, ContainerFilter filter, Duration nameWait, Duration retention, int maxContainers) {
        static final Containers DEFAULTS = new Containers(
                RuntimeSockets.DEFAULTS,
                ContainerFilter.DEFAULTS,
                Duration.ofSeconds(3),
                Duration.ofMinutes(10),
                4_096);

        public Containers {
            requireNonNull(sockets, "containers.sockets");
            requireNonNull(filter, "containers.filter");
            Limits.between("containers.nameWait", nameWait, Duration.ZERO, Duration.ofMinutes(1));
            Limits.between("containers.retention", retention, Duration.ZERO, Duration.ofDays(1));
            Limits.between("containers.maxContainers", maxContainers, 1, 65_536);
        }
    }

    /**
     * Where container runtimes listen, unix sockets all; empty: looked for in the usual places.
     *
     * @param docker the Docker Engine
     * @param cri containerd and CRI-O, several if the node has several
     * @param podman Podman's API service
     * @param systemd the D-Bus socket of systemd or of the system's bus
     */
    public record RuntimeSockets(Optional<Path> docker, List<Path> cri, Optional<Path> podman, Optional<Path> systemd) {
        static final RuntimeSockets DEFAULTS =
                new RuntimeSockets(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

        public RuntimeSockets {
            cri = List.copyOf(cri);
            docker.ifPresent(path -> Limits.absolute("containers.sockets.docker", path));
            Limits.atMost("containers.sockets.cri", cri.size(), 16);
            cri.forEach(path -> Limits.absolute("containers.sockets.cri", path));
            podman.ifPresent(path -> Limits.absolute("containers.sockets.podman", path));
            systemd.ifPresent(path -> Limits.absolute("containers.sockets.systemd", path));
        }

        /** The same with another socket of the Docker Engine. */
        public RuntimeSockets withDocker(Path socket) {
            return new RuntimeSockets(Optional.of(socket), cri, podman, systemd);
        }

        /** The same with one more socket of containerd or CRI-O. */
        public RuntimeSockets withCri(Path socket) {
            List<Path> more = new ArrayList<>(cri);
            more.add(socket);
            return new RuntimeSockets(docker, more, podman, systemd);
        }

        /** The same with another socket of Podman. */
        public RuntimeSockets withPodman(Path socket) {
            return new RuntimeSockets(docker, cri, Optional.of(socket), systemd);
        }

        /** The same with another socket of systemd or D-Bus. */
        public RuntimeSockets withSystemd(Path socket) {
            return new RuntimeSockets(docker, cri, podman, Optional.of(socket));
        }
    }

    /**
     * Which containers and services are reported; all unless this says otherwise. What is not reported has no series at
     * all. Expressions are Java's, and match anywhere in the container's id.
     *
     * @param deny not reported if one of these matches; asked first
     * @param allow if not empty, reported only if one of these matches
     * @param minAge how long a container must have run to be reported, 0 to 1 h; counters then show what happened before
     * @param skipSystemServices whether the services of the operating system are left out: those started by timers or
     *     D-Bus, {@code oneshot} ones, and the like of getty and systemd's own
     */
    public record ContainerFilter(List<String> deny, List<String> allow, Duration minAge, boolean skipSystemServices) {
        static final ContainerFilter DEFAULTS = new ContainerFilter(List.of(), List.of(), Duration.ZERO, false);

        public ContainerFilter {
            deny = List.copyOf(deny);
            allow = List.copyOf(allow);
            Limits.atMost("containers.filter.deny", deny.size(), 256);
            Limits.atMost("containers.filter.allow", allow.size(), 256);
            deny.forEach(expression -> Limits.expression("containers.filter.deny", expression));
            allow.forEach(expression -> Limits.expression("containers.filter.allow", expression));
            Limits.between("containers.filter.minAge", minAge, Duration.ZERO, Duration.ofHours(1));
        }

        /** The same with one more expression of containers that are not reported. */
        public ContainerFilter withDenied(String expression) {
            List<String> more = new ArrayList<>(deny);
            more.add(expression);
            return new ContainerFilter(more, allow, minAge, skipSystemServices);
        }

        /** The same with one more expression of containers that are reported, in place of all. */
        public ContainerFilter withAllowed(String expression) {
            List<String> more = new ArrayList<>(allow);
            more.add(expression);
            return new ContainerFilter(deny, more, minAge, skipSystemServices);
        }

        /** The same with another least age. */
        public ContainerFilter withMinAge(Duration age) {
            return new ContainerFilter(deny, allow, age, skipSystemServices);
        }

        /** The same with or without the services of the operating system. */
        public ContainerFilter withSkipSystemServices(boolean skip) {
            return new ContainerFilter(deny, allow, minAge, skip);
        }
    }

    /**
     * CPU, memory, disks and delays, of containers and the node.
     *
     * @param interval how often they are read, 100 ms to 1 h; sooner when a scrape or push is expected
     * @param enableDelayAccounting whether the sysctl {@code kernel.task_delayacct} is switched on at the start, without
     *     which the kernel does not account I/O delays; it stays on after the agent's end
     */
    public record Resources(Duration interval, boolean enableDelayAccounting) {
        static final Resources DEFAULTS = new Resources(Duration.ofSeconds(5), false);

        public Resources {
            Limits.between("resources.interval", interval, Duration.ofMillis(100), Duration.ofHours(1));
        }
    }

    /**
     * Patterns of log messages: the logs of containers and services, read where their runtimes, the journal and they
     * themselves write them. What finds no room is counted in a pattern that stands for all such.
     *
     * @param enabled whether logs are read
     * @param fromBeginning whether what was written before the agent started counts too
     * @param structured whether the message is taken out of lines of JSON and logfmt; else they are text like any other
     * @param maskSecrets whether passwords, tokens, keys and card numbers in samples are replaced
     * @param lowestPatternLevel messages below this level are counted by level alone
     * @param maxPatternsPerContainer patterns of each level of one container that are told apart, 1 to 65 536
     * @param maxPatterns patterns of all containers that are told apart, 1 to 1 048 576
     * @param maxSampleLength of the message that is shown with its pattern, in characters, 16 to 16 384
     * @param maxLinesPerSecond of one container that are looked at, 100 to 100 000 000, over ten seconds; the lines
     *     beyond it are counted as skipped
     */
    public record Logs(
            boolean enabled,
            boolean fromBeginning,
            boolean structured,
            boolean maskSecrets,
            LogLevel lowestPatternLevel,
            int maxPatternsPerContainer,
            int maxPatterns,
            int maxSampleLength,
            int maxLinesPerSecond) {
        static final Logs DEFAULTS = new Logs(true, false, true, true, LogLevel.WARNING, 256, 20_000, 1_024, 100_000);

        public Logs {
            requireNonNull(lowestPatternLevel, "logs.lowestPatternLevel");
            Limits.between("logs.maxPatternsPerContainer", maxPatternsPerContainer, 1, 65_536);
            Limits.between("logs.maxPatterns", maxPatterns, 1, 1_048_576);
            Limits.between("logs.maxSampleLength", maxSampleLength, 16, 16_384);
            Limits.between("logs.maxLinesPerSecond", maxLinesPerSecond, 100, 100_000_000);
        }

        Logs withEnabled(boolean newEnabled) {
            return new Logs(
                    newEnabled,
                    fromBeginning,
                    structured,
                    maskSecrets,
                    lowestPatternLevel,
                    maxPatternsPerContainer,
                    maxPatterns,
                    maxSampleLength,
                    maxLinesPerSecond);
        }
    }

    /**
     * Round-trip times to the destinations of containers, by ICMP echo from their network namespaces.
     *
     * @param enabled whether destinations may be sent ICMP echo requests
     * @param interval from one request to a destination to the next, 1 s to 1 h
     * @param timeout how long an answer is waited for, 10 ms to 10 s
     * @param maxTargetsPerContainer destinations of one container that are asked, 1 to 65 536; those used last go first
     * @param maxPerSecond requests of the whole agent in a second, 1 to 100 000
     */
    public record Ping(
            boolean enabled, Duration interval, Duration timeout, int maxTargetsPerContainer, int maxPerSecond) {
        static final Ping DEFAULTS = new Ping(true, Duration.ofSeconds(10), Duration.ofSeconds(1), 100, 500);

        public Ping {
            Limits.between("ping.interval", interval, Duration.ofSeconds(1), Duration.ofHours(1));
            Limits.between("ping.timeout", timeout, Duration.ofMillis(10), Duration.ofSeconds(10));
            Limits.between("ping.maxTargetsPerContainer", maxTargetsPerContainer, 1, 65_536);
            Limits.between("ping.maxPerSecond", maxPerSecond, 1, 100_000);
        }

        Ping withEnabled(boolean enable) {
            return new Ping(enable, interval, timeout, maxTargetsPerContainer, maxPerSecond);
        }
    }

    /**
     * What the operator knows about the cloud, and how its metadata service is asked for the rest. What is set here goes
     * before what the service says.
     *
     * @param provider for example {@code AWS}, {@code GCP} or {@code Azure}
     * @param region the provider's name of the region
     * @param availabilityZone the provider's name of the zone
     * @param instanceType the provider's name of the machine's make
     * @param instanceLifeCycle such as {@code on-demand}, {@code spot} or {@code preemptible}
     * @param metadata how the metadata service is asked
     */
    public record Cloud(
            Optional<String> provider,
            Optional<String> region,
            Optional<String> availabilityZone,
            Optional<String> instanceType,
            Optional<String> instanceLifeCycle,
            CloudMetadata metadata) {
        static final Cloud DEFAULTS = new Cloud(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                CloudMetadata.DEFAULTS);

        public Cloud {
            Limits.label("cloud.provider", provider);
            Limits.label("cloud.region", region);
            Limits.label("cloud.availabilityZone", availabilityZone);
            Limits.label("cloud.instanceType", instanceType);
            Limits.label("cloud.instanceLifeCycle", instanceLifeCycle);
            requireNonNull(metadata, "cloud.metadata");
        }

        /** The same with another provider. */
        public Cloud withProvider(String name) {
            return new Cloud(Optional.of(name), region, availabilityZone, instanceType, instanceLifeCycle, metadata);
        }

        /** The same with another region. */
        public Cloud withRegion(String name) {
            return new Cloud(provider, Optional.of(name), availabilityZone, instanceType, instanceLifeCycle, metadata);
        }

        /** The same with another zone. */
        public Cloud withAvailabilityZone(String name) {
            return new Cloud(provider, region, Optional.of(name), instanceType, instanceLifeCycle, metadata);
        }

        /** The same with another make. */
        public Cloud withInstanceType(String name) {
            return new Cloud(provider, region, availabilityZone, Optional.of(name), instanceLifeCycle, metadata);
        }

        /** The same with another life cycle. */
        public Cloud withInstanceLifeCycle(String name) {
            return new Cloud(provider, region, availabilityZone, instanceType, Optional.of(name), metadata);
        }

        /** The same with another way to ask the metadata service. */
        public Cloud withMetadata(CloudMetadata how) {
            return new Cloud(provider, region, availabilityZone, instanceType, instanceLifeCycle, how);
        }
    }

    /**
     * How the cloud's metadata service is asked. It is asked only if the machine's firmware or {@link Cloud#provider()}
     * names a cloud that has one.
     *
     * @param enabled whether it may be asked at all
     * @param endpoint where it is, scheme, host and port; empty: at the provider's own address
     * @param allowImdsV1 whether AWS may be asked without a session token if it grants none
     */
    public record CloudMetadata(boolean enabled, Optional<URI> endpoint, boolean allowImdsV1) {
        static final CloudMetadata DEFAULTS = new CloudMetadata(true, Optional.empty(), false);

        public CloudMetadata {
            endpoint.ifPresent(url -> Limits.httpUrl("cloud.metadata.endpoint", url));
        }

        /** The same with another address. */
        public CloudMetadata withEndpoint(URI url) {
            return new CloudMetadata(enabled, Optional.of(url), allowImdsV1);
        }
    }

    /**
     * The port to scrape.
     *
     * @param host address or name of the interface to listen on; {@code 0.0.0.0} for all of them
     * @param port 0 to 65 535; 0 takes any free one
     */
    public record Prometheus(String host, int port) {
        public Prometheus {
            if (host.isBlank()) {
                throw new IllegalArgumentException("prometheus.host must be an address or a host name, not empty");
            }
            Limits.between("prometheus.port", port, 0, 65_535);
        }
    }

    /** How metrics travel over OTLP. */
    public enum Protocol {
        /** gRPC, by custom on port 4317. */
        GRPC,
        /** Protobuf in HTTP requests, by custom on port 4318. */
        HTTP_PROTOBUF
    }

    /**
     * The push.
     *
     * @param endpoint where requests go, exactly: over HTTP with the path {@code /v1/metrics} unless the receiver has
     *     another one; {@code http} or {@code https}
     * @param protocol how they travel
     * @param interval from one push to the next, 100 ms to 24 h
     * @param headers sent with every request; may hold secrets, so {@code toString} shows their names alone
     * @param timeout for one request, 1 ms to 10 min
     * @param resource attributes of the OpenTelemetry resource, {@code service.name} among them
     */
    public record Otlp(
            URI endpoint,
            Protocol protocol,
            Duration interval,
            Map<String, String> headers,
            Duration timeout,
            Map<String, String> resource) {

        public Otlp {
            Limits.httpUrl("otlp.endpoint", endpoint);
            requireNonNull(protocol, "otlp.protocol");
            Limits.between("otlp.interval", interval, Duration.ofMillis(100), Duration.ofDays(1));
            headers = Map.copyOf(headers);
            Limits.between("otlp.timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(10));
            resource = Map.copyOf(resource);
        }

        /**
         * A push with the defaults of the OpenTelemetry specification: every 60 s, 10 s for a request.
         *
         * @param base the receiver, without the path of a signal: over HTTP {@code v1/metrics} is added to it
         */
        public static Otlp to(URI base, Protocol protocol) {
            Limits.httpUrl("otlp.endpoint", base);
            return new Otlp(
                    protocol == Protocol.HTTP_PROTOBUF ? metricsPath(base) : base,
                    protocol,
                    Duration.ofSeconds(60),
                    Map.of(),
                    Duration.ofSeconds(10),
                    Map.of("service.name", "node-telemetry"));
        }

        private static URI metricsPath(URI base) {
            String text = base.toString();
            return URI.create(text.endsWith("/") ? text + "v1/metrics" : text + "/v1/metrics");
        }

        /** The same with another interval. */
        public Otlp withInterval(Duration newInterval) {
            return new Otlp(endpoint, protocol, newInterval, headers, timeout, resource);
        }

        /** The same with other headers. */
        public Otlp withHeaders(Map<String, String> newHeaders) {
            return new Otlp(endpoint, protocol, interval, newHeaders, timeout, resource);
        }

        /** The same with another timeout. */
        public Otlp withTimeout(Duration newTimeout) {
            return new Otlp(endpoint, protocol, interval, headers, newTimeout, resource);
        }

        /** The same with other resource attributes. */
        public Otlp withResource(Map<String, String> newResource) {
            return new Otlp(endpoint, protocol, interval, headers, timeout, newResource);
        }

        @Override
        public String toString() {
            return "Otlp[endpoint=" + endpoint + ", protocol=" + protocol + ", interval=" + interval + ", headers="
                    + headers.keySet() + ", timeout=" + timeout + ", resource=" + resource + "]";
        }
    }
}
