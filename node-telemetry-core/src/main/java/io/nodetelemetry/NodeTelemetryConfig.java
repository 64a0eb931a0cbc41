package io.nodetelemetry;

import static java.util.Objects.requireNonNull;

import io.nodetelemetry.model.Cidr;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    }

    /**
     * TCP by container. The three capacities size tables in the kernel; what does not fit is counted in a row
     * {@code ~other}.
     *
     * @param trackPublicNetworks public networks whose destinations are kept; private ones always are
     * @param maxDestinations pairs of container and destination, 1 to 1 048 576
     * @param maxListeners pairs of container and listening address, 1 to 1 048 576
     * @param maxContainers cgroups with sockets, 1 to 65 536
     * @param idleRetention how long a destination without open connection and without attempt, or an address that
     *     nobody listens on any more, keeps its series; 1 s to 24 h
     */
    public record Tcp(
            List<Cidr> trackPublicNetworks,
            int maxDestinations,
            int maxListeners,
            int maxContainers,
            Duration idleRetention) {
        static final Tcp DEFAULTS = new Tcp(List.of(), 65_536, 8_192, 4_096, Duration.ofMinutes(10));

        public Tcp {
            trackPublicNetworks = List.copyOf(trackPublicNetworks);
            Limits.atMost("tcp.trackPublicNetworks", trackPublicNetworks.size(), 1_024);
            Limits.between("tcp.maxDestinations", maxDestinations, 1, 1_048_576);
            Limits.between("tcp.maxListeners", maxListeners, 1, 1_048_576);
            Limits.between("tcp.maxContainers", maxContainers, 1, 65_536);
            Limits.between("tcp.idleRetention", idleRetention, Duration.ofSeconds(1), Duration.ofDays(1));
        }
    }

    /**
     * Containers and services.
     *
     * @param dockerSocket the Docker Engine's socket; empty: looked for in the usual places
     * @param nameWait how long the metrics of a new container are held back for its runtime to name it, 0 to 1 min;
     *     after that it appears under an id made of its cgroup path
     * @param retention how long a container that ended is still reported, 0 to 24 h
     * @param maxContainers containers that are known at a time, ended ones included, 1 to 65 536
     */
    public record Containers(Optional<Path> dockerSocket, Duration nameWait, Duration retention, int maxContainers) {
        static final Containers DEFAULTS =
                new Containers(Optional.empty(), Duration.ofSeconds(3), Duration.ofMinutes(10), 4_096);

        public Containers {
            dockerSocket.ifPresent(path -> Limits.absolute("containers.dockerSocket", path));
            Limits.between("containers.nameWait", nameWait, Duration.ZERO, Duration.ofMinutes(1));
            Limits.between("containers.retention", retention, Duration.ZERO, Duration.ofDays(1));
            Limits.between("containers.maxContainers", maxContainers, 1, 65_536);
        }
    }

    /**
     * Container logs. Kept for the collector that will read them; nothing reads logs yet.
     *
     * @param enabled whether logs may be read
     */
    public record Logs(boolean enabled) {
        static final Logs DEFAULTS = new Logs(true);
    }

    /**
     * Round-trip times to the destinations of containers. Kept for the collector that will measure them; nothing sends
     * echo requests yet.
     *
     * @param enabled whether destinations may be sent ICMP echo requests
     */
    public record Ping(boolean enabled) {
        static final Ping DEFAULTS = new Ping(true);
    }

    /**
     * What the operator knows about the cloud. Kept for the collector that will ask the cloud's metadata service.
     *
     * @param provider for example {@code AWS}, {@code GCP} or {@code Azure}
     * @param region the provider's name of the region
     * @param availabilityZone the provider's name of the zone
     */
    public record Cloud(Optional<String> provider, Optional<String> region, Optional<String> availabilityZone) {
        static final Cloud DEFAULTS = new Cloud(Optional.empty(), Optional.empty(), Optional.empty());

        public Cloud {
            Limits.label("cloud.provider", provider);
            Limits.label("cloud.region", region);
            Limits.label("cloud.availabilityZone", availabilityZone);
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
