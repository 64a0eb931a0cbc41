package io.nodetelemetry.internal.collectors.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConntrackSetupTest {
    @TempDir
    private Path proc = Path.of("");

    private void sysctl(String name, String value) throws IOException {
        Files.writeString(
                Files.createDirectories(proc.resolve("sys/net/netfilter")).resolve(name), value + "\n");
    }

    private void modules(String... names) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            text.append(name).append(" 61440 3 nft_chain_nat,xt_MASQUERADE, Live 0x0000000000000000\n");
        }
        Files.writeString(proc.resolve("modules"), text);
    }

    private ConntrackSetup setup() {
        return new ConntrackSetup(proc);
    }

    @Test
    void kernelWithoutModulesMayTranslate() {
        assertThat(setup().mayTranslate()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "nf_conntrack,                  false",
        "nf_conntrack nf_nat,           true",
        "nf_conntrack ip_vs,            true",
        "nf_conntrack nf_nat_tftp,      false",
        // built in, and NAT may be too
        "nf_tables,                     true",
        "'',                            true",
    })
    void whatMayTranslateIsAModuleWhereConntrackIsOne(String loaded, boolean may) throws IOException {
        sysctl("nf_conntrack_max", "262144");
        modules(loaded.split(" "));

        assertThat(setup().mayTranslate()).isEqualTo(may);
    }

    @Test
    void nothingIsTranslatedWhereNothingIsTracked() throws IOException {
        modules("nf_tables");

        assertThat(setup().isTracking()).isFalse();
        assertThat(setup().mayTranslate()).isFalse();
        assertThat(setup().silence()).isEmpty();
    }

    @Test
    void silenceHasItsReason() throws IOException {
        sysctl("nf_conntrack_max", "262144");
        assertThat(setup().silence())
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("NoSuchFileException").endsWith("CONFIG_NF_CONNTRACK_EVENTS"));

        sysctl("nf_conntrack_events", "0");
        assertThat(setup().silence())
                .hasValueSatisfying(
                        reason -> assertThat(reason).endsWith("sysctl -w net.netfilter.nf_conntrack_events=1"));

        sysctl("nf_conntrack_events", "2");
        assertThat(setup().silence()).isEmpty();
    }
}
