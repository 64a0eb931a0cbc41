package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Attaching, iterating and detaching on the running kernel. */
@SuppressWarnings("try") // what happens after a close is tested inside its try
final class BpfProgramIT extends ProbeFixture {
    @Test
    void sockOpsProgramCountsWhatItsReadOnlyDataSays() throws Exception {
        try (BpfObject object = loaded(3);
                Fd cgroup = cgroupRoot();
                BpfLink link = object.program("count_connects").attachCgroup(cgroup)) {
            connect(4);

            assertThat(count(object)).isEqualTo(12);
            link.close();
            connect(2);
            assertThat(count(object)).isEqualTo(12);
        }
    }

    @Test
    void detachedMountServesAsCgroupRoot() throws Exception {
        try (BpfObject object = loaded(1);
                Fd root = Libc.mountDetached("cgroup2")) {
            object.program("count_connects").attachCgroup(root);
            connect(5);

            assertThat(count(object)).isEqualTo(5);
            assertThat(Libc.statMagic(Path.of("/proc/self/fd/" + root.number())))
                    .isEqualTo(Libc.CGROUP2_MAGIC);
        }
    }

    @Test
    void unknownFileSystemIsRefused() {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Libc.mountDetached("nosuchfs"))
                .withMessage("fsopen nosuchfs: ENODEV - the kernel lacks this file system");
    }

    @Test
    void attachToWhatIsNoCgroupFails() throws Exception {
        try (BpfObject object = loaded(1);
                Fd notCgroup = Libc.openDirectory(Path.of("/"))) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> object.program("count_connects").attachCgroup(notCgroup))
                    .withMessageStartingWith("attach program count_connects to cgroup: EBADF - ");
        }
    }

    @Test
    void iteratorListsThisProcess() throws Exception {
        try (BpfObject object = loaded(1);
                BpfLink link = object.program("list_tasks").attachIterator()) {
            ByteBuffer ids = ByteBuffer.wrap(link.runIterator(16 << 20)).order(ByteOrder.nativeOrder());
            Set<Integer> processes = new HashSet<>();
            while (ids.hasRemaining()) {
                processes.add(ids.getInt());
                ids.getInt();
            }
            assertThat(processes).hasSizeGreaterThan(1).contains((int)
                    ProcessHandle.current().pid());
            assertThatThrownBy(() -> link.runIterator(8))
                    .isInstanceOf(IOException.class)
                    .hasMessage("iterator list_tasks wrote more than 8 bytes");
        }
    }

    @Test
    void typedTracepointIsAttachedByItsSection() throws Exception {
        try (BpfObject object = loaded(1);
                BpfLink link = object.program("count_execs").attach()) {
            TestObjects.run("true");

            byte[] value = new byte[object.map(".bss").valueSize()];
            assertThat(object.map(".bss").lookup(new byte[4], value)).isTrue();
            assertThat(native64(value)).isPositive();
            link.close();
        }
    }

    @Test
    void infoHasTheIdTheKernelKnowsItBy() throws Exception {
        try (BpfObject object = loaded(1)) {
            ProgramInfo info = object.program("count_execs").info();

            assertThat(kernelHas(info.id())).isTrue();
            assertThat(info.recursionMisses()).hasValue(0);
            assertThat(info.runCount()).isZero();
        }
    }
}
