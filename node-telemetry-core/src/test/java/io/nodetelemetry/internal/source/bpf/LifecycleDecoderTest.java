package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.LifecycleEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LifecycleDecoderTest {
    private static ByteBuffer event(int kind, int process, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer sample = ByteBuffer.allocate(24 + bytes.length).order(ByteOrder.nativeOrder());
        sample.putLong(0, 4711).putInt(8, 3).putInt(16, kind).putInt(20, process);
        return sample.put(24, bytes);
    }

    private static final CgroupRef CGROUP = new CgroupRef(3, 4711);

    @Test
    void createdCgroupHasItsPathUpToTheTerminator() {
        assertThat(LifecycleDecoder.decode(event(0, 0, "/docker/abc\0left over")))
                .contains(new LifecycleEvent.CgroupCreated(CGROUP, new CgroupPath("/docker/abc")));
    }

    @Test
    void pathWithoutTerminatorEndsWithTheSample() {
        assertThat(LifecycleDecoder.decode(event(0, 0, "/a b\n\"c\"\\x2d")))
                .contains(new LifecycleEvent.CgroupCreated(CGROUP, new CgroupPath("/a b\n\"c\"\\x2d")));
    }

    @Test
    void bytesThatAreNotUtf8AreReplaced() {
        assertThat(LifecycleDecoder.decode(event(0, 0, "/\u00ff\0")))
                .contains(new LifecycleEvent.CgroupCreated(CGROUP, new CgroupPath("/\ufffd")));
    }

    @Test
    void createdCgroupWithoutPathIsUndecodable() {
        assertThat(LifecycleDecoder.decode(event(0, 0, "\0"))).isEmpty();
        assertThat(LifecycleDecoder.decode(event(0, 0, "relative\0"))).isEmpty();
    }

    @Test
    void otherKinds() {
        assertThat(LifecycleDecoder.decode(event(1, 0, ""))).contains(new LifecycleEvent.CgroupRemoved(CGROUP));
        assertThat(LifecycleDecoder.decode(event(2, 7, ""))).contains(new LifecycleEvent.ProcessStarted(CGROUP, 7));
        assertThat(LifecycleDecoder.decode(event(3, 7, ""))).contains(new LifecycleEvent.ProcessExited(CGROUP, 7));
        assertThat(LifecycleDecoder.decode(event(4, 7, ""))).contains(new LifecycleEvent.OomKilled(CGROUP, 7));
        assertThat(LifecycleDecoder.decode(event(5, 0, ""))).contains(new LifecycleEvent.CgroupPopulated(CGROUP, true));
        assertThat(LifecycleDecoder.decode(event(6, 0, "")))
                .contains(new LifecycleEvent.CgroupPopulated(CGROUP, false));
    }

    @Test
    void unknownKindAndShortSampleAreUndecodable() {
        assertThat(LifecycleDecoder.decode(event(7, 7, ""))).isEmpty();
        assertThat(LifecycleDecoder.decode(event(-1, 7, ""))).isEmpty();
        assertThat(LifecycleDecoder.decode(ByteBuffer.allocate(23))).isEmpty();
        assertThat(LifecycleDecoder.decode(ByteBuffer.allocate(0))).isEmpty();
    }

    @Test
    void anyBytesAreDecodedOrNot() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length >= 20) {
                bytes[16] = (byte) random.nextInt(8);
                bytes[17] = bytes[18] = bytes[19] = 0;
            }
            var decoded = LifecycleDecoder.decode(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
            decoded.ifPresent(event -> assertThat(event.cgroup()).isNotNull());
        }
    }
}
