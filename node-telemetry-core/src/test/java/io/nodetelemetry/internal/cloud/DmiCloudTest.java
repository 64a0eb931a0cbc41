package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DmiCloudTest {
    private static final Path TREES = Path.of("src/test/resources/dmi");

    @ParameterizedTest
    @CsvSource({
        "aws-nitro, AWS",
        "aws-xen, AWS",
        "aws-xen-upper-case, AWS",
        "gcp, GCP",
        "azure, AZURE",
        "azure-tag-unreadable, AZURE",
        "digitalocean, DIGITAL_OCEAN",
        "hetzner, HETZNER",
        "alibaba, ALIBABA",
        "scaleway, SCALEWAY",
        "ibm, IBM",
        "oracle, ORACLE",
    })
    void eachCloudIsToldByItsFirmware(String tree, CloudProvider provider) {
        assertThat(DmiCloud.detect(TREES.resolve(tree))).contains(provider);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xen-elsewhere", "chromebook", "hyper-v", "qemu", "laptop", "almost-aws", "no-such-tree"})
    void othersAreInNone(String tree) {
        assertThat(Files.isDirectory(TREES.resolve(tree))).isEqualTo(!tree.equals("no-such-tree"));
        assertThat(DmiCloud.detect(TREES.resolve(tree))).isEmpty();
    }

    @Test
    void emptyBinaryAndEndlessFilesSayNothing(@TempDir Path root) throws IOException {
        Path id = Files.createDirectories(root.resolve("class/dmi/id"));
        Files.createDirectory(id.resolve("chassis_vendor"));
        Files.createFile(id.resolve("board_vendor"));
        Files.write(id.resolve("sys_vendor"), new byte[] {(byte) 0xff, 0, (byte) 0xc3, 10});
        Files.createSymbolicLink(id.resolve("chassis_asset_tag"), Path.of("/dev/zero"));

        assertThat(DmiCloud.detect(root)).isEmpty();
    }
}
