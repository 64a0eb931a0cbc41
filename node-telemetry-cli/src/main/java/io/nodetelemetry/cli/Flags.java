package io.nodetelemetry.cli;

import io.nodetelemetry.cli.Flag.Group;
import io.nodetelemetry.cli.Flag.Kind;
import io.nodetelemetry.cli.Flag.Setter;
import io.nodetelemetry.model.PortRange;
import java.util.List;

/** All flags, in the order of the help. */
final class Flags {
    static final List<Flag> ALL = List.of(
            value(
                    Group.OUTLETS,
                    "<address:port>",
                    Settings.LISTEN_DEFAULT,
                    "Address on which Prometheus can scrape /metrics; none opens no port",
                    Settings::listen,
                    "--listen"),
            value(
                    Group.OUTLETS,
                    "<url>",
                    "",
                    "OTLP receiver to push to, such as http://localhost:4318",
                    Settings::otlpEndpoint,
                    "--otlp-endpoint"),
            value(
                    Group.OUTLETS,
                    "<protocol>",
                    "http/protobuf",
                    "How to push: grpc or http/protobuf",
                    Settings::otlpProtocol,
                    "--otlp-protocol"),
            value(
                    Group.OUTLETS,
                    "<duration>",
                    "60s",
                    "Time from one push to the next",
                    Settings::otlpInterval,
                    "--otlp-interval"),
            new Flag(
                    List.of("--track-public-network"),
                    Kind.LIST,
                    "<cidr>",
                    "",
                    Group.WATCHED,
                    "Public network whose addresses are kept as destinations; private ones always are",
                    (settings, text) -> settings.builder().trackPublicNetwork(text)),
            new Flag(
                    List.of("--ephemeral-port-range"),
                    Kind.LIST,
                    "<first-last>",
                    "",
                    Group.WATCHED,
                    "Ports that are nobody's for long: connections to them count as ~other, listeners are not shown",
                    (settings, text) -> settings.builder().ephemeralPorts(PortRange.parse(text))),
            value(
                    Group.WATCHED,
                    "<number>",
                    "1000",
                    "Destinations of one container that are told apart; the others count as ~other",
                    Settings::maxDestinationsPerContainer,
                    "--max-destinations-per-container"),
            toggle(
                    "Do not read the logs of containers and services",
                    settings -> settings.logs().disable(),
                    "--no-parse-logs",
                    "--disable-log-parsing"),
            toggle(
                    "Count what logs hold already at the start, too",
                    settings -> settings.logs().fromBeginning(),
                    "--logs-from-beginning"),
            toggle(
                    "Take lines of JSON and logfmt for text like any other, without looking for the message in them",
                    settings -> settings.logs().unstructured(),
                    "--disable-json-log-parsing"),
            value(
                    Group.WATCHED,
                    "<level>",
                    "warning",
                    "Lowest level whose messages are told apart by pattern: unknown, debug, info, warning, error or critical",
                    (settings, text) -> settings.logs().lowestPatternLevel(text),
                    "--log-pattern-level"),
            value(
                    Group.WATCHED,
                    "<number>",
                    "256",
                    "Patterns of each level of one container that are told apart; the others count as one",
                    (settings, text) -> settings.logs().maxPatternsPerContainer(text),
                    "--log-patterns-per-container"),
            toggle(
                    "Show passwords, tokens, keys and card numbers in samples of messages",
                    settings -> settings.logs().withSecrets(),
                    "--no-mask-log-secrets"),
            new Flag(
                    List.of("--max-log-sample-length", "--max-label-length"),
                    Kind.VALUE,
                    "<number>",
                    "1024",
                    Group.WATCHED,
                    "Characters of a message that are shown as the sample of its pattern",
                    (settings, text) -> settings.logs().maxSampleLength(text)),
            value(
                    Group.WATCHED,
                    "<number>",
                    "100000",
                    "Lines of one container's logs that are looked at per second, over ten seconds; the others count as skipped",
                    (settings, text) -> settings.logs().maxLinesPerSecond(text),
                    "--max-log-lines-per-second"),
            toggle(
                    "Do not ping destinations",
                    settings -> settings.builder().pingUpstreams(false),
                    "--no-ping-upstreams",
                    "--disable-pinger"),
            expressions(
                    "Report only containers and services whose id matches",
                    (settings, text) -> settings.builder().allowContainers(text),
                    "--container-allowlist"),
            expressions(
                    "Do not report containers and services whose id matches; goes before the allow list",
                    (settings, text) -> settings.builder().denyContainers(text),
                    "--container-denylist"),
            value(
                    Group.WATCHED,
                    "<duration>",
                    "0s",
                    "Report a container only once it has run that long",
                    (settings, text) -> settings.builder().minContainerAge(DurationFormat.parse(text)),
                    "--min-container-age"),
            toggle(
                    "Do not report the operating system's own services: started by timers or D-Bus, oneshot, getty, systemd-*",
                    settings -> settings.builder().skipSystemServices(true),
                    "--skip-systemd-system-services"),
            toggle(
                    "Switch on the sysctl kernel.task_delayacct, which I/O delays need; it stays on",
                    settings -> settings.builder().enableDelayAccounting(true),
                    "--enable-delay-accounting"),
            value(
                    Group.CLOUD,
                    "<name>",
                    "",
                    "Cloud provider, such as AWS, GCP or Azure",
                    (settings, text) -> settings.builder().cloudProvider(text),
                    "--provider"),
            value(
                    Group.CLOUD,
                    "<name>",
                    "",
                    "Region",
                    (settings, text) -> settings.builder().region(text),
                    "--region"),
            value(
                    Group.CLOUD,
                    "<name>",
                    "",
                    "Availability zone",
                    (settings, text) -> settings.builder().availabilityZone(text),
                    "--availability-zone"),
            value(
                    Group.CLOUD,
                    "<name>",
                    "",
                    "Instance type",
                    (settings, text) -> settings.builder().instanceType(text),
                    "--instance-type"),
            value(
                    Group.CLOUD,
                    "<name>",
                    "",
                    "Instance life cycle, such as on-demand or spot",
                    (settings, text) -> settings.builder().instanceLifeCycle(text),
                    "--instance-life-cycle"),
            value(
                    Group.CLOUD,
                    "<url>",
                    "the provider's",
                    "Where the cloud's metadata service is; none: it is never asked",
                    Settings::cloudMetadataEndpoint,
                    "--cloud-metadata-endpoint"),
            new Flag(
                    List.of("--allow-imds-v1"),
                    Kind.SWITCH,
                    "",
                    "",
                    Group.CLOUD,
                    "Ask AWS without a session token if it grants none",
                    Settings::allowImdsV1),
            value(
                    Group.KERNEL,
                    "<path>",
                    "/sys/fs/cgroup",
                    "Where the host's cgroup file systems are mounted",
                    (settings, text) -> settings.builder().cgroupRoot(Settings.path(text)),
                    "--cgroupfs-root"),
            value(
                    Group.KERNEL,
                    "<path>",
                    "/proc",
                    "Where the host's procfs is mounted",
                    (settings, text) -> settings.builder().procRoot(Settings.path(text)),
                    "--proc-root"),
            value(
                    Group.KERNEL,
                    "<path>",
                    "/sys",
                    "Where sysfs is mounted",
                    (settings, text) -> settings.builder().sysRoot(Settings.path(text)),
                    "--sys-root"),
            value(
                    Group.KERNEL,
                    "<path>",
                    "the usual places",
                    "Socket of the Docker Engine",
                    (settings, text) -> settings.builder().dockerSocket(Settings.path(text)),
                    "--docker-socket"),
            new Flag(
                    List.of("--cri-socket"),
                    Kind.LIST,
                    "<path>",
                    "the usual places",
                    Group.KERNEL,
                    "Socket of containerd or CRI-O",
                    (settings, text) -> settings.builder().criSocket(Settings.path(text))),
            value(
                    Group.KERNEL,
                    "<path>",
                    "the usual places",
                    "Socket of Podman's API service",
                    (settings, text) -> settings.builder().podmanSocket(Settings.path(text)),
                    "--podman-socket"),
            value(
                    Group.KERNEL,
                    "<path>",
                    "the usual places",
                    "D-Bus socket of systemd",
                    (settings, text) -> settings.builder().systemdSocket(Settings.path(text)),
                    "--systemd-socket"),
            value(
                    Group.PROGRAM,
                    "<level>",
                    "info",
                    "error, warn, info, debug or trace; from debug on with stack traces",
                    Settings::logLevel,
                    "--log-level"));

    private Flags() {}

    private static Flag value(
            Group group, String placeholder, String defaultText, String description, Setter setter, String name) {
        return new Flag(List.of(name), Kind.VALUE, placeholder, defaultText, group, description, setter);
    }

    private static Flag expressions(String description, Setter setter, String name) {
        return new Flag(List.of(name), Kind.LINES, "<regex>", "", Group.WATCHED, description, setter);
    }

    private static Flag toggle(String description, java.util.function.Consumer<Settings> setter, String... names) {
        return new Flag(List.of(names), Kind.SWITCH, "", "", Group.WATCHED, description, (settings, text) -> {
            if (SwitchValue.parse(text)) {
                setter.accept(settings);
            }
        });
    }
}
