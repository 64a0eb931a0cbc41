package io.nodetelemetry.internal.collectors.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.state.Peers;
import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetChoiceTest {
    private static final ContainerId A = new ContainerId("/docker/a");
    private static final ContainerId B = new ContainerId("/docker/b");

    private record Peer(ContainerId container, SocketAddress address, long lastNanos) {}

    private final List<Peer> known = new ArrayList<>();
    private final Peers peers =
            visitor -> known.forEach(peer -> visitor.peer(peer.container(), peer.address(), peer.lastNanos()));

    static SocketAddress address(String host, int port) {
        try {
            return SocketAddress.of(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void know(ContainerId container, String host, int port, long lastNanos) {
        known.add(new Peer(container, address(host, port), lastNanos));
    }

    @Test
    void portsOfOneHostAreOneTarget() {
        know(A, "10.0.0.1", 80, 1);
        know(A, "10.0.0.1", 443, 2);
        know(A, "fd00::1", 443, 2);
        know(B, "10.0.0.1", 80, 3);

        TargetChoice choice = new TargetChoice(10);

        assertThat(choice.choose(peers)).containsOnlyKeys(A, B);
        assertThat(choice.choose(peers).get(A))
                .containsExactlyInAnyOrder(address("10.0.0.1", 0), address("fd00::1", 0));
        assertThat(choice.choose(peers).get(B)).containsExactly(address("10.0.0.1", 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1.2.3",
                "::1",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "ff02::1",
                "fe80::1",
            })
    void whatStandsForNoOtherHostIsPassedOver(String host) {
        know(A, host, 80, 1);

        assertThat(new TargetChoice(10).choose(peers)).isEmpty();
    }

    @Test
    void linkLocalIpv4IsOneHost() {
        know(A, "169.254.169.254", 80, 1);

        assertThat(new TargetChoice(10).choose(peers)).containsOnlyKeys(A);
    }

    @Test
    void thoseUsedLastAreChosenAndEachOtherIsCountedOnce() {
        know(A, "10.0.0.1", 80, 5);
        know(A, "10.0.0.2", 80, 7);
        know(A, "10.0.0.3", 80, 6);
        know(A, "10.0.0.1", 443, 1);
        know(B, "10.0.0.1", 80, 1);
        TargetChoice choice = new TargetChoice(2);

        assertThat(choice.choose(peers).get(A)).containsExactly(address("10.0.0.2", 0), address("10.0.0.3", 0));
        assertThat(choice.dropped()).isEqualTo(1);

        know(A, "10.0.0.4", 80, 9);
        assertThat(choice.choose(peers).get(A)).containsExactly(address("10.0.0.4", 0), address("10.0.0.2", 0));
        choice.choose(peers);
        assertThat(choice.dropped()).isEqualTo(2);
    }
}
