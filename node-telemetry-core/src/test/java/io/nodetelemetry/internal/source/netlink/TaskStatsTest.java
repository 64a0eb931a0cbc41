package io.nodetelemetry.internal.source.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.source.netlink.TaskAccounting.Task;
import io.nodetelemetry.testing.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskStatsTest {
    /** 1795404432 s + 1198513 ticks of 10 ms. */
    private static final OptionalLong BEGIN = OptionalLong.of(1_795_416_417);

    private final ScriptedKernel kernel = new ScriptedKernel();

    /** The captured answers are to requests of number 1, and the family's number takes that one. */
    private static ByteBuffer second(String file) throws IOException {
        return Captured.datagram(file).putInt(8, 2);
    }

    private TaskStats open() throws IOException {
        kernel.answers("taskstats/family.bin");
        return TaskStats.open(kernel.socket());
    }

    @Test
    void processIsAskedForByTheNumberOfItsFamily() throws IOException {
        TaskStats stats = open();
        kernel.answers(second("taskstats/process.bin"));

        assertThat(stats.ofProcess(19_123))
                .contains(new TaskAccounting(
                        new Task.OfProcess(19_123),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalLong.of(0),
                        OptionalLong.of(0),
                        OptionalLong.empty()));
        NetlinkMessage request = kernel.requests.getLast();
        assertThat(request.type()).isEqualTo(31);
        assertThat(request.payload().get(0)).as("TASKSTATS_CMD_GET").isEqualTo((byte) 1);
        NetlinkAttributes attributes = request.attributes(4);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type()).as("TASKSTATS_CMD_ATTR_TGID").isEqualTo(2);
        assertThat(attributes.u32()).isEqualTo(19_123);
    }

    @Test
    void threadHasABeginAndAProcess() throws IOException {
        TaskStats stats = open();
        kernel.answers(second("taskstats/thread.bin"));

        assertThat(stats.ofThread(19_123))
                .contains(new TaskAccounting(
                        new Task.OfThread(19_123),
                        OptionalInt.of(19_123),
                        OptionalInt.of(19_082),
                        OptionalLong.of(0),
                        OptionalLong.of(0),
                        BEGIN));
    }

    @Test
    void taskThatIsGoneIsEmpty() throws IOException {
        TaskStats stats = open();
        kernel.answers(second("taskstats/gone.bin"));

        assertThat(stats.ofProcess(19_123)).isEmpty();
    }

    @Test
    void refusalIsToldAsIs() throws IOException {
        TaskStats stats = open();
        kernel.answers(Captured.errno(NetlinkMessage.ERROR, 2, Errno.EPERM));

        assertThatExceptionOfType(NetlinkException.Refused.class)
                .isThrownBy(() -> stats.ofProcess(19_123))
                .withMessage("TASKSTATS_CMD_GET OfProcess[id=19123]: EPERM");
    }

    @Test
    void kernelWithoutTheFamilyIsAReasonWithARemedy() throws IOException {
        kernel.answers("taskstats/no-family.bin");

        assertThatIOException()
                .isThrownBy(() -> TaskStats.open(kernel.socket()))
                .withMessageContaining("CONFIG_TASKSTATS");
    }

    @Test
    void exitsAreHeardOfThreadsAndOfTheProcessWithTheLastOne() throws IOException {
        kernel.answers("taskstats/family.bin").answers(Captured.errno(NetlinkMessage.ERROR, 2, 0));
        TaskExits exits = TaskExits.open(kernel.socket(), "0-1");
        kernel.answers("taskstats/exit-1.bin")
                .overflows()
                .answers("taskstats/exit-2.bin")
                .staysSilent();

        assertThat(exits.receive(Duration.ZERO))
                .containsExactly(new TaskAccounting(
                        new Task.OfThread(19_125),
                        OptionalInt.of(19_124),
                        OptionalInt.of(19_082),
                        OptionalLong.of(21_922),
                        OptionalLong.of(0),
                        BEGIN));
        assertThat(exits.overflows()).isZero();
        assertThat(exits.receive(Duration.ZERO)).isEmpty();
        assertThat(exits.overflows()).isEqualTo(1);
        assertThat(exits.receive(Duration.ZERO))
                .containsExactly(
                        new TaskAccounting(
                                new Task.OfThread(19_124),
                                OptionalInt.of(19_124),
                                OptionalInt.of(19_082),
                                OptionalLong.of(74_611),
                                OptionalLong.of(0),
                                BEGIN),
                        new TaskAccounting(
                                new Task.OfProcess(19_124),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                // Of both threads.
                                OptionalLong.of(21_922 + 74_611),
                                OptionalLong.of(0),
                                OptionalLong.empty()));
        assertThat(exits.receive(Duration.ZERO)).isEmpty();
    }

    @Test
    void listenerIsStruckOffTheListWhenItCloses() throws IOException {
        kernel.answers("taskstats/family.bin").answers(Captured.errno(NetlinkMessage.ERROR, 2, 0));
        TaskExits exits = TaskExits.open(kernel.socket(), "0-1");
        kernel.answers(Captured.errno(NetlinkMessage.ERROR, 3, 0));

        exits.close();

        NetlinkAttributes attributes = kernel.requests.getLast().attributes(4);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type())
                .as("TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK")
                .isEqualTo(4);
        assertThat(attributes.string()).isEqualTo("0-1");
        assertThat(kernel.closed).isTrue();
    }

    /** A struct of that many bytes that has a telling value in each place we read. */
    private static ByteBuffer struct(int bytes) {
        ByteBuffer whole = ByteBuffer.allocate(1_024).order(ByteOrder.LITTLE_ENDIAN);
        whole.putLong(TaskAccounting.CPU_DELAY_TOTAL, 11)
                .putLong(TaskAccounting.BLKIO_DELAY_TOTAL, 12)
                .putInt(TaskAccounting.AC_BTIME, 13)
                .putLong(TaskAccounting.AC_BTIME64, 14)
                .putInt(TaskAccounting.AC_TGID, 15)
                .putInt(TaskAccounting.AC_PPID, 16);
        return whole.limit(bytes);
    }

    @Test
    void olderAndNewerKernelsSendWhatTheyHave() throws IOException {
        Task task = new Task.OfThread(1);

        // Version 9 (Linux 4.20) has 344 bytes, version 10 has 352, version 12 has 400; more is to come.
        assertThat(TaskAccounting.decode(task, struct(344)))
                .isEqualTo(new TaskAccounting(
                        task,
                        OptionalInt.empty(),
                        OptionalInt.of(16),
                        OptionalLong.of(11),
                        OptionalLong.of(12),
                        OptionalLong.of(13)));
        assertThat(TaskAccounting.decode(task, struct(352)))
                .isEqualTo(new TaskAccounting(
                        task,
                        OptionalInt.empty(),
                        OptionalInt.of(16),
                        OptionalLong.of(11),
                        OptionalLong.of(12),
                        OptionalLong.of(14)));
        for (int bytes : List.of(400, 1_024)) {
            assertThat(TaskAccounting.decode(task, struct(bytes)))
                    .isEqualTo(new TaskAccounting(
                            task,
                            OptionalInt.of(15),
                            OptionalInt.of(16),
                            OptionalLong.of(11),
                            OptionalLong.of(12),
                            OptionalLong.of(14)));
        }
        assertThat(TaskAccounting.decode(task, struct(40)).blockIoDelayNanos()).isEmpty();
        assertThatExceptionOfType(NetlinkException.Malformed.class)
                .isThrownBy(() -> TaskAccounting.decode(task, struct(1)));
    }

    @Test
    void offsetsAreThoseOfTheHeader(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("offsets.c"), """
                #include <stddef.h>
                #include <linux/taskstats.h>
                _Static_assert(offsetof(struct taskstats, cpu_delay_total) == %d, "");
                _Static_assert(offsetof(struct taskstats, blkio_delay_total) == %d, "");
                _Static_assert(offsetof(struct taskstats, ac_btime) == %d, "");
                _Static_assert(offsetof(struct taskstats, ac_btime64) == %d, "");
                _Static_assert(offsetof(struct taskstats, ac_tgid) == %d, "");
                _Static_assert(offsetof(struct taskstats, ac_ppid) == %d, "");
                """.formatted(
                        TaskAccounting.CPU_DELAY_TOTAL,
                        TaskAccounting.BLKIO_DELAY_TOTAL,
                        TaskAccounting.AC_BTIME,
                        TaskAccounting.AC_BTIME64,
                        TaskAccounting.AC_TGID,
                        TaskAccounting.AC_PPID));

        Command.run(List.of("clang", "-fsyntax-only", file.toString())).succeeded();
    }
}
