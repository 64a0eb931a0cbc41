package io.nodetelemetry.internal.source.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, and whatever becomes of it while it is read: damage is counted, and nothing else happens. */
@Timeout(120)
class DamagedJournalTest {
    /** Entries of the captured journal, and those of them that have a message. */
    private static final int ENTRIES = 77;

    private static final int MESSAGES = 76;
    private static final int HEADER = 272;

    @TempDir
    private Path root;

    private Path file = Path.of("");
    private byte[] whole = {};

    @BeforeEach
    void copyACapturedJournal() throws IOException {
        whole = CapturedJournal.bytes("zstd-compact");
        file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        Files.write(file, whole);
    }

    private JournalReader reader() {
        return CapturedJournal.reader(root, true);
    }

    private static long lost(JournalReader reader) {
        return reader.drops().values().stream().mapToLong(Long::longValue).sum();
    }

    private void write(long offset, byte... bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    private void writeLong(long offset, long value) throws IOException {
        write(
                offset,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
    }

    private long wholeLong(long offset) {
        return LittleEndian.int64(whole, (int) offset);
    }

    @Test
    void anyChangedBytesAreReadOrCounted() throws IOException {
        Random random = new Random(6);
        // Hash tables, which nobody reads, take most of a small journal.
        int objects = (int) (wholeLong(104) + wholeLong(112));
        int[] used = IntStream.range(objects, whole.length)
                .filter(i -> whole[i] != 0 || (i > 0 && whole[i - 1] != 0))
                .toArray();
        int damaged = 0;
        for (int round = 0; round < 800; round++) {
            int at = round % 3 == 0 ? random.nextInt(HEADER) : used[random.nextInt(used.length)];
            byte[] bytes = new byte[1 + random.nextInt(8)];
            if (round % 2 == 0) {
                random.nextBytes(bytes);
            } else if (round % 4 == 1) {
                bytes[0] = (byte) (whole[at] ^ (1 << random.nextInt(8)));
            }
            write(at, bytes);
            try (JournalReader reader = reader()) {
                TakenEntries taken = CapturedJournal.readAll(reader);
                assertThat(taken.entries.size()).as("round %d", round).isLessThanOrEqualTo(MESSAGES + 1);
                damaged += lost(reader) > 0 ? 1 : 0;
            }
            write(at, Arrays.copyOfRange(whole, at, Math.min(whole.length, at + bytes.length)));
        }
        assertThat(damaged).isBetween(50, 790);
        try (JournalReader reader = reader()) {
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(MESSAGES);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 207, 208, 271, 4_096, 500_000, 3_739_000})
    void aFileThatBecomesShorterLosesItsEntriesAndNothingElse(int length) throws IOException {
        try (JournalReader reader = reader()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
            TakenEntries taken = CapturedJournal.readAll(reader);
            Map<String, Long> drops = reader.drops();

            assertThat(taken.entries.size()
                            + drops.getOrDefault("unread_entry", 0L)
                            + drops.getOrDefault("corrupt_entry", 0L))
                    .isBetween((long) MESSAGES, (long) ENTRIES);
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops()).isEqualTo(drops);
        }
    }

    @Test
    void aFileThatIsEmptiedByVacuumingIsCounted() throws IOException {
        try (JournalReader reader = reader()) {
            Files.move(file, root.resolve("held"));
            file = root.resolve("held");
            write(0, new byte[whole.length]);

            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops()).containsEntry("unread_entry", (long) ENTRIES);
            assertThat(lost(reader)).isEqualTo(ENTRIES);
        }
    }

    @Test
    void aFileThatIsRemovedIsReadToItsEnd() throws IOException {
        try (JournalReader reader = reader()) {
            Files.delete(file);

            assertThat(CapturedJournal.readAll(reader).entries).hasSize(MESSAGES);
            assertThat(lost(reader)).isZero();
        }
    }

    @Test
    void arraysOfEntriesThatGoInCirclesEnd() throws IOException {
        long first = wholeLong(176);
        long second = wholeLong(first + 16);
        writeLong(second + 16, first);

        try (JournalReader reader = reader()) {
            long inTwo = (wholeLong(first + 8) - 24) / 4 + (wholeLong(second + 8) - 24) / 4;

            assertThat((long) CapturedJournal.readAll(reader).entries.size()).isBetween(inTwo - 1, inTwo);
            assertThat(reader.drops()).containsEntry("corrupt_file", 1L).containsEntry("unread_entry", ENTRIES - inTwo);
        }
    }

    @Test
    void whatIsWrittenToADamagedFileLaterIsCountedToo() throws IOException {
        long first = wholeLong(176);
        long second = wholeLong(first + 16);
        long inTwo = (wholeLong(first + 8) - 24) / 4 + (wholeLong(second + 8) - 24) / 4;
        writeLong(second + 16, first);
        writeLong(152, inTwo + 2);

        try (JournalReader reader = reader()) {
            CapturedJournal.readAll(reader);
            assertThat(reader.drops()).containsEntry("corrupt_file", 1L).containsEntry("unread_entry", 2L);
            writeLong(152, ENTRIES);

            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops()).containsEntry("corrupt_file", 1L).containsEntry("unread_entry", ENTRIES - inTwo);
        }
    }

    /** journald looks every five seconds whether its file was removed, and writes on to it until then. */
    @Test
    void aFileThatIsRemovedIsReadOnForAWhile() throws IOException {
        writeLong(152, 40);
        long[] nanos = {0};
        JournalSettings settings = JournalSettings.below(List.of(root), Path.of("/proc"), true);
        try (JournalReader reader = JournalReader.open(settings, new Unpacking(), () -> nanos[0])) {
            int before = CapturedJournal.readAll(reader).entries.size();
            Path removed = file;
            file = Files.createLink(root.resolve("held"), file);
            Files.delete(removed);
            for (int i = 0; i < 60; i++) {
                nanos[0] += TimeUnit.MILLISECONDS.toNanos(100);
                assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            }
            writeLong(152, ENTRIES);

            assertThat(before).isBetween(38, 40);
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(MESSAGES - before);
            assertThat(lost(reader)).isZero();

            nanos[0] += TimeUnit.SECONDS.toNanos(11);
            CapturedJournal.readAll(reader);
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                assertThat(open.map(DamagedJournalTest::target))
                        .noneMatch(target -> target.endsWith("system.journal (deleted)"));
            }
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // That of the list itself.
            return "";
        }
    }

    @Test
    void aNumberOfEntriesThatCannotBeIsNotCounted() throws IOException {
        writeLong(152, Long.MAX_VALUE);

        try (JournalReader reader = reader()) {
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops()).containsEntry("corrupt_file", 1L).containsEntry("unread_entry", 0L);
        }
    }

    @Test
    void aFileOfAnotherKindOrOfANewerFormatIsCountedOnce() throws IOException {
        write(0, (byte) 'X');
        try (JournalReader reader = reader()) {
            CapturedJournal.readAll(reader);
            CapturedJournal.readAll(reader);
            assertThat(reader.drops()).containsEntry("corrupt_file", 1L);
        }
        write(0, whole[0]);
        write(12, (byte) 0xff);
        try (JournalReader reader = reader()) {
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops()).containsEntry("corrupt_file", 1L);
        }
    }

    @Test
    void aFileWithoutAHeaderYetIsAwaited() throws IOException {
        Files.write(file, new byte[0]);
        try (JournalReader reader = reader()) {
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(lost(reader)).isZero();

            write(0, whole);

            assertThat(CapturedJournal.readAll(reader).entries).hasSize(MESSAGES);
            assertThat(lost(reader)).isZero();
        }
    }

    @Test
    void anEntryThatIsAnnouncedTooEarlyIsAwaited() throws IOException {
        long array = wholeLong(176);
        byte[] item = Arrays.copyOfRange(whole, (int) array + 24, (int) array + 28);
        write(array + 24, new byte[4]);
        try (JournalReader reader = reader()) {
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();

            write(array + 24, item);

            assertThat(CapturedJournal.readAll(reader).entries).hasSize(MESSAGES);
            assertThat(lost(reader)).isZero();
        }
    }

    @Test
    void withoutTheLibraryLongMessagesAreCountedAndTheRemedyIsTold() {
        JournalSettings settings = JournalSettings.below(List.of(root), Path.of("/proc"), true);
        Unpacking without = new Unpacking(new MissingLibrary(), new MissingLibrary(), new MissingLibrary());
        try (JournalReader reader = JournalReader.open(settings, without, System::nanoTime)) {
            assertThat(CapturedJournal.readAll(reader).messages())
                    .hasSize(MESSAGES - 2)
                    .noneMatch(message -> message.startsWith("long ") || message.startsWith("huge "));
            assertThat(reader.drops()).containsEntry("compressed_entry", 2L);
            assertThat(reader.degraded().orElseThrow()).endsWith("libx.so.1 not found: install libx");
        }
    }
}
