package io.nodetelemetry.internal.collectors.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeInterfaceNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "eth0",
                "eth0.5",
                "ETH1",
                "eno1",
                "ens192",
                "ens5np0",
                "enp0s3",
                "enp3s0f1",
                "enP2p1s0",
                "em1",
                "bond0",
                "bond0.100",
                "p1p2",
                "enx001122aabbcc",
                "enX001122AABBCC",
                "br0",
                "vmbr1",
                "enp0s31f6"
            })
    void linksOfTheNode(String name) {
        assertThat(NodeInterfaceNames.matches(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lo", "veth1a2b3c", "docker0", "br-3f1c2d", "cni0", "flannel.1", "cali123", "tun0", "wg0", "virbr0",
                "eth", "enp0", "enx0011", "xeth0", "bond", "wlan0", "ib0", "dummy0", "ethernet0", ""
            })
    void otherInterfaces(String name) {
        assertThat(NodeInterfaceNames.matches(name)).isFalse();
    }
}
