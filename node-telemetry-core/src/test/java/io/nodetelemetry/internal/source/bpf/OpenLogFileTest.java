package io.nodetelemetry.internal.source.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OpenLogFileTest {
    private static final OpenLogFile PLAIN =
            new OpenLogFile(new CgroupRef(3, 77), 1_234, 5, "/var/log/größe.log", false, false);
    private static final OpenLogFile STRANGE =
            new OpenLogFile(new CgroupRef(0, -1L >>> 1), 1, 2, "/var/log/a/b", true, true);

    private static byte[] record(OpenLogFile log) {
        String[] names = log.path().substring(1).split("/", -1);
        ByteBuffer record = TcpDecoder.buffer(256)
                .putLong(log.cgroup().id())
                .putInt(log.cgroup().hierarchy())
                .putInt(0)
                .putInt(log.pid())
                .putInt(log.fd())
                .putInt((log.openedElsewhere() ? 1 : 0) | (log.remote() ? 2 : 0))
                .putInt(names.length);
        for (int i = names.length - 1; i >= 0; i--) {
            record.put(names[i].getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        }
        return written(record);
    }

    private static byte[] written(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static byte[] records(OpenLogFile... logs) {
        ByteBuffer all = TcpDecoder.buffer(1_024);
        Arrays.stream(logs).map(OpenLogFileTest::record).forEach(all::put);
        return written(all);
    }

    @Test
    void namesAreTurnedRound() {
        assertThat(OpenLogFile.decode(TcpDecoder.wrap(records(PLAIN, STRANGE)))).containsExactly(PLAIN, STRANGE);
        assertThat(OpenLogFile.decode(TcpDecoder.wrap(new byte[0]))).isEmpty();
    }

    @Test
    void recordThatWasCutOffIsLeftOut() {
        byte[] whole = records(PLAIN, STRANGE);
        int first = record(PLAIN).length;
        for (int length = 0; length < whole.length; length++) {
            assertThat(OpenLogFile.decode(TcpDecoder.wrap(Arrays.copyOf(whole, length))))
                    .isEqualTo(length < first ? List.of() : List.of(PLAIN));
        }
    }

    @Test
    void anyBytesAreRead() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = records(PLAIN, STRANGE, PLAIN);
            for (int n = random.nextInt(8); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(OpenLogFile.decode(TcpDecoder.wrap(bytes)).size())
                    .isLessThanOrEqualTo(bytes.length / OpenLogFile.SIZE);
        }
    }
}
