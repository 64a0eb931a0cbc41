package io.nodetelemetry.internal.source.cgroupfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.KernelText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountParsersTest {
    private static final OptionalLong NONE = OptionalLong.empty();

    private static Optional<CpuLimit> cpuMax(String text) {
        return CpuLimit.ofCpuMax(KernelText.of(text));
    }

    private static Optional<MemoryLimit> memoryLimit(String text) {
        return MemoryLimit.parse(KernelText.of(text));
    }

    @Test
    void cpuStatOfBothVersionsIsInNanoseconds() {
        assertThat(CpuStat.parse(KernelText.of("usage_usec 3848328\nuser_usec 1\nthrottled_usec 14574016\n")))
                .isEqualTo(new CpuStat(OptionalLong.of(3_848_328_000L), OptionalLong.of(14_574_016_000L)));
        assertThat(CpuStat.parse(KernelText.of("nr_periods 15\nnr_throttled 12\nthrottled_time 881190814\n")))
                .isEqualTo(new CpuStat(NONE, OptionalLong.of(881_190_814)));
    }

    @Test
    void cpuStatWithoutTheControllerHasNoThrottling() {
        assertThat(CpuStat.parse(KernelText.of("usage_usec 252740\nuser_usec 233591\nsystem_usec 19148\n")))
                .isEqualTo(new CpuStat(OptionalLong.of(252_740_000), NONE));
    }

    @Test
    void malformedCpuTimeIsAbsentRatherThanZero() {
        for (String text : new String[] {
            "",
            "\n\n",
            "usage_usec\n",
            "usage_usec max\n",
            "usage_usec -1\n",
            "usage_usec 5",
            "usage_usecs 5\n",
            "usage_usec 9223372036854775807\n",
            "usage_usec 99999999999999999999\n",
            "usage_usec 5\0\n"
        }) {
            assertThat(CpuStat.parse(KernelText.of(text))).as(text).isEqualTo(CpuStat.NOTHING);
        }
        assertThat(CpuStat.parse(KernelText.of("usage_usec 5\r\nnew_key x y z\r\n"))
                        .usageNanos())
                .hasValue(5_000);
    }

    @Test
    void longLineIsPassedOver() {
        String line = "x".repeat(1 << 20);

        assertThat(CpuStat.parse(KernelText.of(line + "\nusage_usec 7\n")).usageNanos())
                .hasValue(7_000);
    }

    @Test
    void singleNumberStandsAlone() {
        assertThat(SingleNumber.parse(KernelText.of("252740513\n"))).hasValue(252_740_513);
        assertThat(SingleNumber.parse(KernelText.of("0\n"))).hasValue(0);
        for (String text : new String[] {"", "\n", "12", "-1\n", "1 2\n", "max\n"}) {
            assertThat(SingleNumber.parse(KernelText.of(text))).as(text).isEmpty();
        }
    }

    @Test
    void cpuQuotaIsACountOfCores() {
        assertThat(cpuMax("20000 100000\n")).contains(new CpuLimit.Cores(0.2));
        assertThat(cpuMax("350000 100000\n")).contains(new CpuLimit.Cores(3.5));
        assertThat(cpuMax("max 100000\n")).contains(CpuLimit.None.UNLIMITED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20000", "20000\n", "20000 0\n", "-1 100000\n", "maximum 100000\n", "\n20000 100000\n"})
    void otherCpuQuotaIsAbsent(String text) {
        assertThat(cpuMax(text)).isEmpty();
    }

    @Test
    void v1QuotaOfMinusOneIsNone() {
        assertThat(CpuLimit.isUnlimitedQuota(KernelText.of("-1\n"))).isTrue();
        assertThat(CpuLimit.isUnlimitedQuota(KernelText.of("20000\n"))).isFalse();
        assertThat(CpuLimit.isUnlimitedQuota(KernelText.of(""))).isFalse();
    }

    @Test
    void memoryLimitIsBytesOrNone() {
        assertThat(memoryLimit("67108864\n")).contains(new MemoryLimit.Bytes(67_108_864));
        assertThat(memoryLimit("0\n")).contains(new MemoryLimit.Bytes(0));
        assertThat(memoryLimit("4611686018427387904\n")).contains(new MemoryLimit.Bytes(1L << 62));
        for (String unlimited : new String[] {
            "max\n",
            "9223372036854771712\n",
            "4611686018427387905\n",
            "9223372036854775807\n",
            "9223372036854775808\n",
            "18446744073709551615\n"
        }) {
            assertThat(memoryLimit(unlimited)).as(unlimited).contains(MemoryLimit.None.UNLIMITED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "67108864", "-1\n", "64M\n", "maxx\n"})
    void otherMemoryLimitIsAbsent(String text) {
        assertThat(memoryLimit(text)).isEmpty();
    }

    @Test
    void memoryOfV2IsAnonymousAndMapped() {
        assertThat(MemoryStat.parseV2(KernelText.of("anon 61440\nfile 1748992\nkernel 1\nfile_mapped 1536000\n")))
                .isEqualTo(new MemoryStat(OptionalLong.of(1_597_440), OptionalLong.of(1_748_992)));
    }

    @Test
    void memoryOfV1IncludesWhatIsBelow() {
        String text = "cache 1\nrss 2\nmapped_file 3\ntotal_cache 10\ntotal_rss 20\ntotal_mapped_file 30\n";

        assertThat(MemoryStat.parseV1(KernelText.of(text)))
                .isEqualTo(new MemoryStat(OptionalLong.of(50), OptionalLong.of(10)));
    }

    @Test
    void partOfASumIsNoSum() {
        assertThat(MemoryStat.parseV2(KernelText.of("anon 5\nfile 6\n")))
                .isEqualTo(new MemoryStat(NONE, OptionalLong.of(6)));
        assertThat(MemoryStat.parseV2(KernelText.of("anon 9223372036854775807\nfile_mapped 1\n")))
                .isEqualTo(MemoryStat.NOTHING);
        assertThat(MemoryStat.parseV2(KernelText.of(""))).isEqualTo(MemoryStat.NOTHING);
        assertThat(MemoryStat.parseV1(KernelText.of("total_rss x\ntotal_mapped_file 1\ntotal_cache")))
                .isEqualTo(MemoryStat.NOTHING);
    }

    @Test
    void anyBytesAreParsed() {
        Random random = new Random(5);
        String[] words = {
            "usage_usec",
            "throttled_usec",
            "throttled_time",
            "anon",
            "file_mapped",
            "file",
            "total_rss",
            "max",
            "-1",
            " ",
            " ",
            "\n",
            "\n",
            "0",
            "7",
            "9223372036854775807",
            "\0",
            "\r\n",
            "é"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder made = new StringBuilder();
            for (int j = random.nextInt(20); j > 0; j--) {
                made.append(
                        random.nextInt(9) == 0 ? "" + (char) random.nextInt(256) : words[random.nextInt(words.length)]);
            }
            byte[] bytes = made.toString().getBytes(StandardCharsets.ISO_8859_1);
            KernelText text = new KernelText();
            text.wrap(bytes, bytes.length);
            assertThat(CpuStat.parse(text).usageNanos().orElse(0)).isNotNegative();
            text.rewind();
            assertThat(MemoryStat.parseV2(text).rssBytes().orElse(0)).isNotNegative();
            text.rewind();
            assertThat(MemoryStat.parseV1(text).cacheBytes().orElse(0)).isNotNegative();
            text.rewind();
            assertThat(SingleNumber.parse(text).orElse(0)).isNotNegative();
            text.rewind();
            if (CpuLimit.ofCpuMax(text).orElse(CpuLimit.None.UNLIMITED) instanceof CpuLimit.Cores cores) {
                assertThat(cores.count()).isNotNegative().isFinite();
            }
            text.rewind();
            if (MemoryLimit.parse(text).orElse(MemoryLimit.None.UNLIMITED) instanceof MemoryLimit.Bytes limit) {
                assertThat(limit.count()).isBetween(0L, 1L << 62);
            }
        }
    }
}
