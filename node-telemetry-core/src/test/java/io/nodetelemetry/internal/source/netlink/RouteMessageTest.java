package io.nodetelemetry.internal.source.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouteMessageTest {
    private static RouteNetlink answering(String... files) throws IOException {
        return new RouteNetlink(new ScriptedKernel().answers(files).socket());
    }

    @Test
    void interfacesHaveNameStateAndCounters() throws IOException {
        List<NetworkLink> links = answering("route/links-1.bin", "route/links-2.bin", "route/links-3.bin")
                .links();

        assertThat(links)
                .containsExactly(
                        new NetworkLink(
                                1,
                                "lo",
                                Optional.of(OperationalState.UNKNOWN),
                                Optional.of(new LinkCounters(0, 0, 0, 0))),
                        new NetworkLink(
                                2,
                                "veth1234567",
                                Optional.of(OperationalState.UP),
                                Optional.of(new LinkCounters(3, 3, 306, 266))),
                        new NetworkLink(
                                3,
                                "eth7",
                                Optional.of(OperationalState.UP),
                                Optional.of(new LinkCounters(3, 3, 266, 306))));
    }

    @Test
    void addressesAreTheInterfacesOwn() throws IOException {
        List<InterfaceAddress> addresses =
                answering("route/addresses-1.bin", "route/addresses-2.bin").addresses();

        assertThat(addresses)
                .filteredOn(address -> address.interfaceIndex() == 3)
                .extracting(address ->
                        address.address().getHostAddress() + "/" + address.prefixBits() + " scope " + address.scope())
                .containsExactly(
                        "192.0.2.7/24 scope 0",
                        // Its other end is 10.9.0.2.
                        "10.9.0.1/32 scope 0",
                        "2001:db8:0:0:0:0:0:7/64 scope 0",
                        "fe80:0:0:0:c01a:e8ff:fe85:ff57/64 scope 253");
        assertThat(addresses)
                .filteredOn(address -> address.interfaceIndex() == 1)
                .extracting(address -> address.address().getHostAddress())
                .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(addresses).hasSize(7);
    }

    /** A message of interface 7 with these attributes. */
    private static NetlinkMessage link(int... attributes) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(32 + attributes.length).order(ByteOrder.LITTLE_ENDIAN);
        datagram.putInt(datagram.capacity()).putShort((short) 16).putInt(20, 7).position(32);
        for (int value : attributes) {
            datagram.put((byte) value);
        }
        return NetlinkMessage.split(datagram.flip()).getFirst();
    }

    @Test
    void whatTheKernelDoesNotTellIsAbsent() throws IOException {
        assertThat(RouteMessage.link(link(6, 0, 3, 0, 'x', 0, 0, 0)))
                .contains(new NetworkLink(7, "x", Optional.empty(), Optional.empty()));
    }

    @Test
    void stateThatIsNewToUsIsUnknown() throws IOException {
        assertThat(RouteMessage.link(link(6, 0, 3, 0, 'x', 0, 0, 0, 5, 0, 16, 0, 77, 0, 0, 0)))
                .contains(new NetworkLink(7, "x", Optional.of(OperationalState.UNKNOWN), Optional.empty()));
    }

    @Test
    void interfaceWithoutANameOrWithHalfItsCountersIsMalformed() throws IOException {
        NetlinkMessage nameless = link();
        NetlinkMessage half = link(6, 0, 3, 0, 'x', 0, 0, 0, 12, 0, 23, 0, 1, 2, 3, 4, 5, 6, 7, 8);

        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(() -> RouteMessage.link(nameless))
                .withMessageEndingWith("RTM_NEWLINK without a name");
        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(() -> RouteMessage.link(half))
                .withMessageEndingWith("IFLA_STATS64 of 8 bytes");
    }

    @Test
    void messagesOfOtherKindsAreLeftOut() throws IOException {
        NetlinkMessage other = NetlinkMessage.split(Captured.empty(24, 0, 1)).getFirst();

        assertThat(RouteMessage.link(other)).isEmpty();
        assertThat(RouteMessage.address(other)).isEmpty();
    }
}
