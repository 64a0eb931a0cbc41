package io.nodetelemetry.internal.source.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalAddressesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/procfs/local-addresses");

    private static List<String> text(LocalAddresses addresses) {
        return addresses.addresses().stream().map(InetAddress::getHostAddress).toList();
    }

    @Test
    void localAddressesOfBothFamiliesWithoutLinkLocalOnes() throws IOException {
        LocalAddresses found = LocalAddresses.parse(
                Files.readString(FIXTURES.resolve("fib_trie")), Files.readString(FIXTURES.resolve("if_inet6")));

        assertThat(text(found)).containsExactly("127.0.0.1", "192.0.2.2", "fd00:0:0:0:0:0:0:2", "0:0:0:0:0:0:0:1");
    }

    @Test
    void networksAndBroadcastAddressesAreNotListenedOn() {
        assertThat(text(LocalAddresses.parse(
                        "|-- 127.0.0.0\n /8 host LOCAL\n|-- 10.1.255.255\n /32 link BROADCAST\n|-- 10.1.0.1\n /32 host LOCAL\n",
                        "")))
                .containsExactly("10.1.0.1");
    }

    @Test
    void linkLocalAndMulticastAreLeftOut() {
        assertThat(
                        text(
                                LocalAddresses.parse(
                                        "|-- 169.254.3.4\n /32 host LOCAL\n|-- 224.0.0.1\n /32 host LOCAL\n",
                                        "fe800000000000000000000000000001 01 40 20 80 eth0\nff020000000000000000000000000001 01 40 20 80 eth0\n")))
                .isEmpty();
    }

    @Test
    void malformedLinesAreLeftOut() {
        assertThat(text(LocalAddresses.parse(
                        "/32 host LOCAL\n|-- 10.0.0\n/32 host LOCAL\n|-- 10.0.0.256\n/32 host LOCAL\n|-- \n/32 host LOCAL\n|-- 10.0.0.1",
                        "fd00 01\nzz000000000000000000000000000001 01 40\nfd000000000000000000000000000001\n")))
                .isEmpty();
    }

    @Test
    void namespaceWithVeryManyAddressesShowsTheFirst() {
        StringBuilder trie = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            trie.append("|-- 10.0.").append(i >> 8).append('.').append(i & 255).append("\n/32 host LOCAL\n");
        }

        assertThat(LocalAddresses.parse(trie.toString(), "").addresses()).hasSize(256);
    }

    @Test
    void processThatIsGoneHasNone(@TempDir Path procRoot) throws IOException {
        assertThat(LocalAddresses.read(procRoot, 12)).isEmpty();
    }

    @Test
    void hostWithoutIpv6HasIpv4(@TempDir Path procRoot) throws IOException {
        Path net = Files.createDirectories(procRoot.resolve("12/net"));
        Files.copy(FIXTURES.resolve("fib_trie"), net.resolve("fib_trie"));

        assertThat(text(LocalAddresses.read(procRoot, 12).orElseThrow())).containsExactly("127.0.0.1", "192.0.2.2");
    }

    @Test
    void anyBytesAreParsed() {
        Random random = new Random(7);
        byte[] alphabet = "|-- /32 host LOCAL\n0123456789.abcdef".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(8) == 0 ? (byte) random.nextInt() : alphabet[random.nextInt(alphabet.length)];
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(LocalAddresses.parse(text, text).addresses()).hasSizeLessThan(10);
        }
    }
}
