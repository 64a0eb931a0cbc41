package io.nodetelemetry.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MountTest {
    @Test
    void readsPointAndTypeWhateverTheOptionalFieldsAre() {
        assertThat(Mount.parse("""
                        23 1 0:21 / /sys rw,nosuid shared:7 master:1 - sysfs sysfs rw
                        41 31 0:38 / /a\\040b rw - cgroup2 none rw
                        """))
                .containsExactly(new Mount(Path.of("/sys"), "sysfs"), new Mount(Path.of("/a b"), "cgroup2"));
    }

    @Test
    void leavesOutWhatIsTruncated() {
        assertThat(Mount.parse("41 31 0:38 / /sys rw - cgroup2")).isEmpty();
        assertThat(Mount.parse("41 31 0:38 - cgroup2 none rw")).isEmpty();
        assertThat(Mount.parse("41 31 0:38 / /sys/fs/cgr")).isEmpty();
        assertThat(Mount.parse("")).isEmpty();
    }

    @Test
    void anyBytesAreReadOrLeftOut() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            String text = "1 2 3 / " + new String(bytes, StandardCharsets.ISO_8859_1) + " rw - cgroup2 none rw";
            assertThat(Mount.parse(text))
                    .hasSizeLessThanOrEqualTo(1 + (int) text.lines().count());
        }
    }
}
