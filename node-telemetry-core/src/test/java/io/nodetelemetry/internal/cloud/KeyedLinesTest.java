package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyedLinesTest {
    @Test
    void topLevelOfYamlIsRead() {
        KeyedLines lines = KeyedLines.yaml("""
                ---
                region: eu-central
                quoted: "a b"
                single: 'c'
                url: http://x/?y
                empty: ''
                nothing:
                none: null
                tilde: ~
                region: second
                nested:
                  instance-id: 1
                - list: 2
                no colon
                odd:no blank
                """.replace("\n", "\r\n"));

        assertThat(lines.text("region")).contains("eu-central");
        assertThat(lines.text("quoted")).contains("a b");
        assertThat(lines.text("single")).contains("c");
        assertThat(lines.text("url")).contains("http://x/?y");
        for (String absent :
                new String[] {"empty", "nothing", "none", "tilde", "nested", "instance-id", "list", "odd", "other"}) {
            assertThat(lines.text(absent)).as(absent).isEmpty();
        }
    }

    @Test
    void variablesAreRead() {
        KeyedLines lines =
                KeyedLines.variables("ID=1-2\nNAME=a=b\nQUOTED='x y'\nEMPTY=\n export ZONE=z\nnull\nN=null\n");

        assertThat(lines.text("ID")).contains("1-2");
        assertThat(lines.text("NAME")).contains("a=b");
        assertThat(lines.text("QUOTED")).contains("x y");
        assertThat(lines.text("N")).contains("null");
        assertThat(lines.text("EMPTY")).isEmpty();
        assertThat(lines.text("ZONE")).isEmpty();
    }

    @Test
    void halfAQuoteIsPartOfTheValue() {
        assertThat(KeyedLines.variables("A='x\nB=\"\nC=\"\"").text("A")).contains("'x");
        assertThat(KeyedLines.variables("A='x\nB=\"\nC=\"\"").text("B")).contains("\"");
        assertThat(KeyedLines.variables("A='x\nB=\"\nC=\"\"").text("C")).isEmpty();
    }

    @Test
    void anyBytesAreRead() {
        Random random = new Random(13);
        byte[] bytes = new byte[2_000];
        for (int round = 0; round < 500; round++) {
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i += 7) {
                bytes[i] = (byte) "\n:='\" aZ-".charAt(random.nextInt(9));
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            assertThat(KeyedLines.yaml(text + "\nend: 1").text("end")).contains("1");
            assertThat(KeyedLines.variables(text + "\nend=1").text("end")).contains("1");
        }
    }
}
