package io.nodetelemetry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,           10.0.0.0/8,    104, true",
        "8.8.8.0/24,           8.8.8.0/24,    120, true",
        "1.1.1.1,              1.1.1.1/32,    128, true",
        "0.0.0.0/0,            0.0.0.0/0,      96, true",
        "fd00::/8,             fd00::/8,        8, false",
        "2001:DB8:0:0::/32,    2001:db8::/32,  32, false",
        "2001:db8::1,          2001:db8::1/128, 128, false",
        "::/0,                 ::/0,            0, false",
        "::ffff:10.0.0.0/104,  10.0.0.0/8,    104, true",
    })
    void readsNetworksAndBareAddresses(String text, String canonical, int prefixLength, boolean ipv4) {
        Cidr cidr = Cidr.parse(text);

        assertThat(cidr).hasToString(canonical).isEqualTo(Cidr.parse(canonical));
        assertThat(cidr.prefixLength()).isEqualTo(prefixLength);
        assertThat(cidr.isIpv4()).isEqualTo(ipv4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10",
                "10.1",
                "10.0.0.0.0",
                "256.0.0.1",
                "example.com",
                "10.0.0.0 /8",
                "fe80::1%lo",
                "[::1]",
                ":::",
                "g::",
                "10.0.0.0:80"
            })
    void namesWhatIsNotANetworkAndWhatIsAllowed(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a network; allowed are an IPv4 or IPv6 address with or without a"
                        + " prefix length, such as 8.8.8.0/24, 2001:db8::/32 or 1.1.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/33, 32",
        "10.0.0.0/, 32",
        "10.0.0.0/-1, 32",
        "10.0.0.0/8/8, 32",
        "10.0.0.0/+8, 32",
        "::/129, 128"
    })
    void namesTheRangeOfThePrefixLength(String text, int max) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "': the prefix length must be 0 to " + max);
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8/24, 8.8.8.0/24, 8.8.8.8/32",
        "10.0.0.1/0, 0.0.0.0/0, 10.0.0.1/32",
        "2001:db8::1/32, 2001:db8::/32, 2001:db8::1/128",
    })
    void saysWhichNetworkWasMeantWhenHostBitsAreSet(String text, String network, String address) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' has bits set beyond its prefix length; the network is " + network
                        + ", the one address is " + address);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,  10.255.255.255, true",
        "10.0.0.0/8,  11.0.0.0,       false",
        "0.0.0.0/0,   203.0.113.9,    true",
        "0.0.0.0/0,   2001:db8::1,    false",
        "fd00::/8,    fdff::1,        true",
        "fd00::/8,    fe00::1,        false",
        "2001:db8::/65, 2001:db8::7fff:0:0:1, true",
        "2001:db8::/65, 2001:db8::8000:0:0:1, false",
    })
    void containsWhatSharesItsPrefix(String network, String address, boolean contained) {
        assertThat(Cidr.parse(network).contains(SocketAddress.of(InetAddress.ofLiteral(address), 443)))
                .isEqualTo(contained);
    }

    @Test
    void lpmKeyIsNativePrefixLengthThenAddress() {
        byte[] key = Cidr.parse("10.1.0.0/16").toLpmKey();

        assertThat(key).hasSize(20);
        assertThat(key[ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 3])
                .isEqualTo((byte) 112);
        assertThat(key).endsWith(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 0, 0);
    }

    @Test
    void constructorRefusesBitsBeyondThePrefix() {
        assertThatThrownBy(() -> new Cidr(0, 1, 127))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address has bits set beyond its prefix length 127");
        assertThatThrownBy(() -> new Cidr(0, 0, 129))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("prefix length must be 0 to 128: 129");
    }

    @Test
    void anyTextIsReadOrRefused() {
        Random random = new Random(20_261_122);
        String alphabet = "0123456789abcdef:./%[]- \u00e9";
        for (int i = 0; i < 20_000; i++) {
            String text = text(random, alphabet);
            try {
                Cidr cidr = Cidr.parse(text);
                assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("'" + text + "'");
            }
        }
    }

    private static String text(Random random, String alphabet) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(20); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
