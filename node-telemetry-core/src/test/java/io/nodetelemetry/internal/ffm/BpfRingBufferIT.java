package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.testing.BtfLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ring buffer on the running kernel. */
@SuppressWarnings("try") // what happens after a close is tested inside its try
final class BpfRingBufferIT extends ProbeFixture {
    private static final int AF_INET = 2;

    /** What Java's sockets are, even towards 127.0.0.1, unless the host has no IPv6. */
    private static final int AF_INET6 = 10;

    @Test
    void ringBufferHandsOverEverySample() throws Exception {
        BtfLayout.Struct layout = BtfLayout.of(probe).struct("probe_sample");
        List<ByteBuffer> samples = new ArrayList<>();
        try (BpfObject object = loaded(7);
                Fd cgroup = cgroupRoot();
                BpfRingBuffer ring = BpfRingBuffer.open(Libbpf.load(), object.map("samples"), samples::add)) {
            object.program("count_connects").attachCgroup(cgroup);
            connect(3);

            assertThat(ring.poll(Duration.ofSeconds(5))).isEqualTo(3);
            assertThat(ring.poll(Duration.ZERO)).isZero();
        }
        // Kept beyond the close: the samples are copies.
        assertThat(samples).hasSize(3).allSatisfy(sample -> {
            assertThat(sample.remaining()).isEqualTo(layout.size());
            assertThat(sample.getLong(layout.field("weight").offset())).isEqualTo(7);
            assertThat(sample.getInt(layout.field("port").offset())).isEqualTo(server.getLocalPort());
            assertThat(sample.getInt(layout.field("family").offset())).isIn(AF_INET, AF_INET6);
        });
    }

    @Test
    void whatTheConsumerThrowsComesOutOfPollAndLosesOneSample() throws Exception {
        List<ByteBuffer> samples = new ArrayList<>();
        try (BpfObject object = loaded(1);
                Fd cgroup = cgroupRoot();
                BpfRingBuffer ring = BpfRingBuffer.open(Libbpf.load(), object.map("samples"), sample -> {
                    samples.add(sample);
                    if (samples.size() == 1) {
                        throw new IllegalCallerException("first sample");
                    }
                })) {
            object.program("count_connects").attachCgroup(cgroup);
            connect(3);

            assertThatThrownBy(() -> ring.poll(Duration.ofSeconds(5)))
                    .isInstanceOf(IllegalCallerException.class)
                    .hasMessage("first sample");
            assertThat(ring.poll(Duration.ofSeconds(5))).isEqualTo(2);
            assertThat(samples).hasSize(3);
        }
    }

    @Test
    void consumerCanNeitherPollNorCloseItsRingBuffer() throws Exception {
        List<BpfRingBuffer> self = new ArrayList<>();
        List<Class<?>> refused = new ArrayList<>();
        try (BpfObject object = loaded(1);
                Fd cgroup = cgroupRoot();
                BpfRingBuffer ring = BpfRingBuffer.open(Libbpf.load(), object.map("samples"), sample -> {
                    refused.add(thrownBy(() -> self.getFirst().close()));
                    refused.add(thrownBy(() -> self.getFirst().poll(Duration.ZERO)));
                })) {
            self.add(ring);
            object.program("count_connects").attachCgroup(cgroup);
            connect(1);

            assertThat(ring.poll(Duration.ofSeconds(5))).isEqualTo(1);
            assertThat(refused).containsExactly(IllegalStateException.class, IllegalStateException.class);
            ring.close();
            ring.close();
            assertThatIllegalStateException().isThrownBy(() -> ring.poll(Duration.ZERO));
        }
    }

    @Test
    void ringBufferOfAnotherMapIsRefusedWithTheReason() throws Exception {
        try (BpfObject object = loaded(1)) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> BpfRingBuffer.open(Libbpf.load(), object.map("connects"), sample -> {}))
                    .withMessageStartingWith("open ring buffer connects: EINVAL - ")
                    .withMessageEndingWith("is not BPF_MAP_TYPE_RINGBUF");
        }
    }
}
