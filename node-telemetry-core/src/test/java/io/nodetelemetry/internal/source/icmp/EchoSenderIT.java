package io.nodetelemetry.internal.source.icmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.data.Offset.offset;

import io.nodetelemetry.testing.Eventually;
import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.LoadDriver;
import io.nodetelemetry.testing.Requires;
import io.nodetelemetry.testing.TestHost;
import io.nodetelemetry.testing.TestNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real echoes between network namespaces, held against what ping(8) says and against delays that are known. */
@Tag("kernel")
@Requires(HostFeature.ROOT)
class EchoSenderIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SAMPLES = 200;
    /** What the measurement may be wrong by, at the median. */
    private static final double MAX_ERROR_MICROS = 50;

    private final TestNetwork network = TestNetwork.of("client", "server");
    private final TestHost client = network.host("client");
    private final TestHost server = network.host("server");
    private final EchoSender sender = new EchoSender(16, new Random());
    private KernelTimestamps timestamps;

    @BeforeEach
    void switchTimestampsOn() throws Exception {
        timestamps = KernelTimestamps.on();
        Thread.sleep(KernelTimestamps.SETTLED);
    }

    @AfterEach
    void close() {
        timestamps.close();
        sender.close();
        network.close();
    }

    private EchoRound open(List<String> targets) throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String target : targets) {
            addresses.add(InetAddress.getByName(target));
        }
        return sender.open(Path.of("/proc/" + client.pid() + "/ns/net"), addresses);
    }

    private void await(EchoRound round, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        sender.receive(round);
        while (!round.isComplete() && deadline - System.nanoTime() > 0) {
            sender.await(List.of(round), deadline - System.nanoTime());
            sender.receive(round);
        }
    }

    private double micros(String target) throws IOException {
        try (EchoRound round = open(List.of(target))) {
            sender.send(round);
            await(round, TIMEOUT);
            OptionalLong nanos = round.roundTripNanos(0);
            assertThat(nanos).as("round-trip time to %s", target).isPresent();
            return nanos.getAsLong() / 1e3;
        }
    }

    private double[] samples(String target) throws IOException {
        micros(target);
        double[] samples = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            samples[i] = micros(target);
        }
        return samples;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private double[] ping(String target) {
        String out = client.run("ping", "-n", "-c", Integer.toString(SAMPLES), "-i", "0.002", target)
                .succeeded()
                .out();
        Matcher times = Pattern.compile("time=([0-9.]+) ms").matcher(out);
        return times.results()
                .mapToDouble(time -> Double.parseDouble(time.group(1)) * 1e3)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.2", "fd77::2", "127.0.0.1", "::1"})
    void agreesWithPing(String target) throws IOException {
        double[] ours = samples(target);
        double[] theirs = ping(target);

        System.out.printf(
                "%s: %.1f us or more, median %.1f us; of ping %.1f us or more, median %.1f us%n",
                target, least(ours), median(ours), least(theirs), median(theirs));
        assertThat(theirs).hasSize(SAMPLES);
        // ping takes the time itself when it sends, so what it waits for a processor comes on top.
        assertThat(least(ours)).isCloseTo(least(theirs), offset(MAX_ERROR_MICROS));
        assertThat(median(ours)).isLessThan(median(theirs) + MAX_ERROR_MICROS);
    }

    @ParameterizedTest
    @CsvSource({"4,300", "4,5000", "6,300", "6,5000"})
    void knownDelayIsMeasuredExactly(String family, int delayMicros) throws Exception {
        boolean ipv6 = family.equals("6");
        String target = server.ip(ipv6);
        double wire = median(samples(target));
        String switches = "/proc/sys/net/" + (ipv6 ? "ipv6/icmp/" : "ipv4/icmp_") + "echo_ignore_all";
        server.run("sh", "-c", "echo 1 > " + switches).succeeded();
        Process responder = new ProcessBuilder(server.inside(List.of(
                        LoadDriver.folder().resolve("echodelay").toString(), family, Integer.toString(delayMicros))))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        double[] measured = new double[SAMPLES];
        double[] errors = new double[SAMPLES];
        try (BufferedReader reports = responder.inputReader()) {
            assertThat(reports.readLine()).isEqualTo("ready");
            for (int i = 0; i < SAMPLES; i++) {
                measured[i] = micros(target);
                String[] report = reports.readLine().split(" ", -1);
                assertThat(report).hasSize(2).startsWith("0").doesNotContain("untimed");
                double known = Long.parseLong(report[1]) / 1e3;
                assertThat(known).isGreaterThanOrEqualTo(delayMicros);
                errors[i] = Math.abs(measured[i] - known - wire);
            }
        } finally {
            responder.destroy();
        }

        System.out.printf(
                "IPv%s, %d us: median %.1f us, of the wire alone %.1f us, of the error %.1f us%n",
                family, delayMicros, median(measured), wire, median(errors));
        assertThat(median(errors)).isLessThan(MAX_ERROR_MICROS);
    }

    @Test
    void oneRoundAsksManyOfBothFamilies() throws IOException {
        List<String> targets = new ArrayList<>();
        for (int i = 10; i < 60; i++) {
            server.run("ip", "address", "add", "10.77.0." + i + "/24", "dev", "eth0")
                    .succeeded();
            server.run("ip", "address", "add", "fd77::" + i + "/64", "dev", "eth0", "nodad")
                    .succeeded();
            targets.addAll(List.of("10.77.0." + i, "fd77::" + i));
        }
        try (EchoRound round = open(targets)) {
            sender.send(round);
            await(round, TIMEOUT);

            assertThat(round.isComplete()).isTrue();
            for (int i = 0; i < targets.size(); i++) {
                assertThat(round.roundTripNanos(i)).as(targets.get(i)).isPresent();
                assertThat(round.refusal(i)).isEmpty();
            }
        }
    }

    @Test
    void silenceAndRefusalsLeaveTheOthersAlone() throws IOException {
        client.nft("table inet x { chain y { type filter hook output priority 0; policy accept;"
                + " ip daddr 10.77.0.8 meta l4proto icmp drop; }; }");
        server.nft("table inet x { chain y { type filter hook input priority 0; policy accept;"
                + " ip6 daddr fd77::2 icmpv6 type echo-request drop; }; }");
        // Nobody has 10.77.0.9; 192.0.2.1 and 2001:db8::1 have no route.
        try (EchoRound round = open(
                List.of("10.77.0.8", "fd77::2", "10.77.0.9", "192.0.2.1", "2001:db8::1", "10.77.0.2", "fd77::1"))) {
            sender.send(round);
            await(round, Duration.ofMillis(300));

            assertThat(round.isComplete()).isFalse();
            assertThat(round.refusal(0)).contains(EchoRefusal.FORBIDDEN);
            assertThat(round.refusal(1)).isEmpty();
            assertThat(round.refusal(2)).isEmpty();
            assertThat(round.refusal(3)).contains(EchoRefusal.UNREACHABLE);
            assertThat(round.refusal(4)).contains(EchoRefusal.UNREACHABLE);
            for (int i = 0; i < 5; i++) {
                assertThat(round.roundTripNanos(i)).isEmpty();
            }
            assertThat(round.roundTripNanos(5)).isPresent();
            assertThat(round.roundTripNanos(6)).isPresent();
        }
    }

    @Test
    void repliesToOthersAreNotTakenForOurs() throws Exception {
        // ping(8) asks in the same namespace all the time.
        Process other = new ProcessBuilder(client.inside(List.of("ping", "-q", "-f", "-c", "20000", "10.77.0.2")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (EchoRound round = open(List.of("10.77.0.9"))) {
            Eventually.within(
                    TIMEOUT,
                    () -> assertThat(client.counter("Icmp", "InEchoReps")).isPositive());
            long before = client.counter("Icmp", "InEchoReps");
            sender.send(round);
            await(round, Duration.ofMillis(500));

            assertThat(client.counter("Icmp", "InEchoReps")).isGreaterThan(before);
            assertThat(round.isComplete()).isFalse();
            assertThat(round.roundTripNanos(0)).isEmpty();
        } finally {
            other.destroy();
        }
    }

    @Test
    void namespaceThatVanishesEndsNothing() throws Exception {
        Process process =
                new ProcessBuilder(client.inside(List.of("unshare", "--net", "sh", "-c", "echo ready; cat"))).start();
        assertThat(process.getInputStream().read()).isEqualTo('r');
        long pid = process.pid();
        try (EchoRound round =
                sender.open(Path.of("/proc/" + pid + "/ns/net"), List.of(InetAddress.getByName("10.77.0.2")))) {
            process.destroyForcibly().waitFor();

            sender.send(round);
            await(round, Duration.ofMillis(50));

            // Its only interface, loopback, was down.
            assertThat(round.refusal(0)).contains(EchoRefusal.UNREACHABLE);
        }
        assertThatExceptionOfType(EchoException.class)
                .isThrownBy(() -> sender.open(Path.of("/proc/" + pid + "/ns/net"), List.of()))
                .withMessageContaining("/proc/" + pid + "/ns/net")
                .satisfies(gone -> assertThat(gone.refusal()).isEqualTo(EchoRefusal.NAMESPACE_GONE));
    }

    @Test
    void ourOwnNamespaceIsNotEntered() throws Exception {
        try (EchoRound round = sender.open(Path.of("/proc/self/ns/net"), List.of(InetAddress.getLoopbackAddress()))) {
            sender.send(round);
            await(round, TIMEOUT);

            assertThat(round.roundTripNanos(0)).isPresent();
        }
    }

    @Test
    void withoutSoftwareTimestampsOurClockServes() throws Exception {
        timestamps.close();
        Thread.sleep(KernelTimestamps.SETTLED);

        // The round's own socket switches them on, too late for this reply, as a rule.
        assertThat(micros("127.0.0.1")).isBetween(0.0, 1e6);
    }
}
