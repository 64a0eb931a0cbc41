package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Maps on the running kernel. */
@SuppressWarnings("try") // what happens after a close is tested inside its try
final class BpfMapIT extends ProbeFixture {
    @Test
    void perCpuValuesAddUpToTheConnects() throws Exception {
        try (BpfObject object = loaded(1);
                Fd cgroup = cgroupRoot()) {
            object.program("count_connects").attachCgroup(cgroup);
            connect(6);

            BpfMap byCpu = object.map("connects_by_cpu");
            assertThat(byCpu.valueSize()).isEqualTo(4);
            assertThat(byCpu.valueBytes()).isEqualTo(8 * Libbpf.load().possibleCpus());
            byte[] looked = new byte[byCpu.valueBytes()];
            assertThat(byCpu.lookup(new byte[4], looked)).isTrue();
            assertThat(sumPerCpu(ByteBuffer.wrap(looked))).isEqualTo(6);
            List<Long> walked = new ArrayList<>();
            byCpu.forEach((key, value) -> walked.add(sumPerCpu(value.duplicate())));
            assertThat(walked).containsExactly(6L);
        }
    }

    @Test
    void mapEntriesAreCreatedReadReplacedAndRemoved() throws Exception {
        try (BpfObject object = loaded(1)) {
            BpfMap map = object.map("connects");
            byte[] value = new byte[8];

            assertThat(map.lookup(bytes(1), value)).isFalse();
            map.update(bytes(1), bytes(11L), 1);
            assertThat(map.lookup(bytes(1), value)).isTrue();
            assertThat(native64(value)).isEqualTo(11);
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> map.update(bytes(1), bytes(12L), 1))
                    .withMessage("bpf_map_update_elem connects: EEXIST");
            map.update(bytes(1), bytes(13L), 2);
            assertThat(map.lookupAndDelete(bytes(1), value)).isTrue();
            assertThat(native64(value)).isEqualTo(13);
            assertThat(map.lookupAndDelete(bytes(1), value)).isFalse();
            assertThat(map.delete(bytes(1))).isFalse();
            map.update(bytes(1), bytes(14L), 0);
            assertThat(map.delete(bytes(1))).isTrue();
        }
    }

    @Test
    void lengthsAreChecked() throws Exception {
        try (BpfObject object = loaded(1)) {
            BpfMap map = object.map("connects");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> map.lookup(new byte[5], new byte[8]))
                    .withMessage("map connects has keys of 4 bytes, not 5");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> map.update(new byte[4], new byte[7], 0))
                    .withMessage("map connects has values of 8 bytes, not 7");
        }
    }

    @Test
    void lookupAndDeleteWorksWhereTheKernelLacksIt() throws Exception {
        try (BpfObject object = loaded(1)) {
            BpfMap trie = object.map("prefixes");
            byte[] key = {16, 0, 0, 0, 10, 1, 0, 0};
            byte[] value = new byte[8];
            trie.update(key, bytes(5L), 0);

            assertThat(trie.lookupAndDelete(key, value)).isTrue();
            assertThat(native64(value)).isEqualTo(5);
            assertThat(trie.lookupAndDelete(key, value)).isFalse();
        }
    }

    @Test
    void tenThousandEntriesAreWalkedOnceEach() throws Exception {
        try (BpfObject object = loaded(1)) {
            BpfMap map = object.map("connects");
            fill(map, 10_000);

            for (int round = 0; round < 3; round++) {
                Map<Integer, Long> seen = new HashMap<>();
                int[] calls = {0};
                map.forEach((key, value) -> {
                    calls[0]++;
                    seen.put(key.getInt(0), value.getLong());
                });
                assertThat(calls[0]).isEqualTo(10_000);
                assertThat(seen)
                        .hasSize(10_000)
                        .allSatisfy((key, value) -> assertThat(value).isEqualTo(key * 3L));
            }
        }
    }

    @Test
    void batchGrowsUntilTheFullestBucketFits() throws Exception {
        try (BpfObject object = loaded(1)) {
            BpfMap map = object.map("connects");
            fill(map, 10_000);
            MapWalk walk = new MapWalk("connects", map.fd(), 4, 8, 16_384, 1);

            Set<Integer> seen = new HashSet<>();
            walk.forEach((key, value) -> assertThat(seen.add(key.getInt())).isTrue());
            walk.close();
            assertThat(seen).hasSize(10_000);
        }
    }

    @Test
    void emptyMapGivesNothing() throws Exception {
        try (BpfObject object = loaded(1)) {
            object.map("connects").forEach((key, value) -> {
                throw new AssertionError("no entry expected");
            });
        }
    }

    @Test
    void mapWithoutBatchIsWalkedKeyByKey() throws Exception {
        try (BpfObject object = loaded(1)) {
            BpfMap programs = object.map("tail_calls");
            int id = object.program("count_connects").info().id();
            programs.update(bytes(3), bytes(object.program("count_connects").fd()), 0);

            Map<Integer, Integer> seen = new HashMap<>();
            programs.forEach((key, value) -> seen.put(key.getInt(), value.getInt()));
            assertThat(seen).containsExactlyEntriesOf(Map.of(3, id));
        }
    }

    @Test
    void consumerMayChangeTheMapButNotWalkOrCloseIt() throws Exception {
        try (BpfObject object = loaded(1)) {
            BpfMap map = object.map("connects");
            fill(map, 100);
            map.forEach((key, value) -> {
                assertThatIllegalStateException().isThrownBy(() -> map.forEach((k, v) -> {}));
                assertThatIllegalStateException().isThrownBy(object::close);
                assertThat(key.isReadOnly()).isTrue();
                assertThat(value.isReadOnly()).isTrue();
                byte[] own = new byte[4];
                key.get(own);
                assertThat(deleted(map, own)).isTrue();
            });
            map.forEach((key, value) -> {
                throw new AssertionError("all were deleted");
            });
        }
    }

    private static boolean deleted(BpfMap map, byte[] key) {
        try {
            return map.delete(key);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long sumPerCpu(ByteBuffer values) {
        ByteBuffer ordered = values.order(ByteOrder.nativeOrder());
        long sum = 0;
        for (int at = 0; at < ordered.limit(); at += 8) {
            sum += ordered.getInt(at);
        }
        return sum;
    }
}
