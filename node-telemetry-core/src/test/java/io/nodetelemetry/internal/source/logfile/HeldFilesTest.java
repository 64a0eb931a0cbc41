package io.nodetelemetry.internal.source.logfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.Libc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HeldFilesTest {
    private final HeldFiles.Room room = new HeldFiles.Room(100);
    private final HeldFiles held = new HeldFiles(room);
    private final List<Fd> all = new ArrayList<>();

    @AfterEach
    void close() {
        held.close();
        all.forEach(Fd::close);
    }

    private Fd file() throws Exception {
        Fd file = Libc.open(Path.of("/dev/null"), Libc.O_RDONLY);
        all.add(file);
        return file;
    }

    private long open() {
        return all.stream().filter(HeldFilesTest::isOpen).count();
    }

    private static boolean isOpen(Fd file) {
        try {
            return file.number() >= 0;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void theFirstOnesStayAndOfPackedOnesTheLast() throws Exception {
        for (int i = 0; i < 65; i++) {
            held.offer(file());
        }
        for (int i = 0; i < 9; i++) {
            held.offerPacked(file());
        }

        assertThat(open()).isEqualTo(64 + 8);
        assertThat(held.poll()).isSameAs(all.getFirst());
        assertThat(held.pollPacked()).isSameAs(all.get(66));
        held.closePacked();
        assertThat(held.pollPacked()).isNull();
        assertThat(open()).isEqualTo(64 + 1);
    }

    @Test
    void allLogsShareTheRoom() throws Exception {
        HeldFiles other = new HeldFiles(room);
        for (int i = 0; i < 60; i++) {
            held.offer(file());
            other.offer(file());
        }
        assertThat(open()).isEqualTo(100);

        Objects.requireNonNull(held.poll()).close();
        other.offer(file());
        assertThat(open()).isEqualTo(100);
        held.close();
        other.close();
        assertThat(open()).isZero();
    }

    @Test
    void nothingStaysOpenOnceItIsClosed() throws Exception {
        held.offer(file());
        held.close();
        held.offer(file());
        held.offerPacked(file());

        assertThat(held.isClosed()).isTrue();
        assertThat(open()).isZero();
        assertThatThrownBy(() -> all.getFirst().number()).isInstanceOf(IllegalStateException.class);
    }
}
