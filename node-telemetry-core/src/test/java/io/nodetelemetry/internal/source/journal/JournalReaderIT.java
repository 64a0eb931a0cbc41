package io.nodetelemetry.internal.source.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.journal.Journald.Way;
import io.nodetelemetry.testing.RequiresJournald;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reads what a real journald writes, and counts what programs wrote. */
@RequiresJournald
class JournalReaderIT {
    private static List<String> lines(String name, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> name + "-" + i).toList();
    }

    private static List<String> of(TakenEntries taken, String name) {
        return taken.messages().stream()
                .filter(message -> message.startsWith(name + "-"))
                .toList();
    }

    private static void readAll(JournalReader reader, TakenEntries taken) {
        while (reader.read(taken)) {
            // There is more.
        }
    }

    private static long lost(JournalReader reader) {
        return reader.drops().values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void whileJournaldRotatesEveryEntryIsReadOnce() throws Exception {
        try (Journald journald = new Journald()) {
            journald.write(Way.STDOUT, "before", 10);
            TakenEntries taken = new TakenEntries();
            try (JournalReader reader = journald.reader(false)) {
                List<Process> writers = List.of(
                        journald.begin(Way.STDOUT, "stdout", 20_000),
                        journald.begin(Way.SYSLOG, "syslog", 20_000),
                        journald.begin(Way.NATIVE, "native", 100));
                int rotations = 0;
                while (writers.stream().anyMatch(Process::isAlive) || rotations < 3) {
                    readAll(reader, taken);
                    journald.daemon().rotate();
                    if (++rotations % 2 == 0) {
                        journald.daemon().rotate();
                    }
                }
                journald.daemon().enter("journalctl", "--sync");
                readAll(reader, taken);

                assertThat(of(taken, "stdout")).isEqualTo(lines("stdout", 20_000));
                assertThat(of(taken, "syslog")).isEqualTo(lines("syslog", 20_000));
                assertThat(of(taken, "native")).isEqualTo(lines("native", 100));
                assertThat(of(taken, "before")).isEmpty();
                assertThat(lost(reader)).isZero();
            }
        }
    }

    @Test
    void anEntrySaysWhichCgroupWroteIt() throws Exception {
        try (Journald journald = new Journald();
                JournalReader reader = journald.reader(false)) {
            journald.write(Way.SLOW_STDOUT, "slow", 3);
            TakenEntries taken = new TakenEntries();
            readAll(reader, taken);

            assertThat(of(taken, "slow")).isEqualTo(lines("slow", 3));
            assertThat(taken.entries)
                    .filteredOn(entry -> entry.message().startsWith("slow-"))
                    .allMatch(entry -> entry.cgroup().equals(Optional.of(journald.cgroup())))
                    .allMatch(entry -> entry.priority().equals(OptionalInt.of(6)))
                    .allMatch(entry -> entry.identifier().equals(Optional.of("it")));
        }
    }

    @Test
    void whatIsVacuumedBeforeItWasReadIsCounted() throws Exception {
        try (Journald journald = new Journald()) {
            journald.write(Way.STDOUT, "first", 10);
            TakenEntries taken = new TakenEntries();
            try (JournalReader reader = journald.reader(false)) {
                for (String name : List.of("a", "b", "c", "d")) {
                    journald.write(Way.STDOUT, name, 500);
                    journald.daemon().rotate();
                }
                journald.daemon().enter("journalctl", "--vacuum-files=2");
                journald.write(Way.STDOUT, "e", 500);
                readAll(reader, taken);
                readAll(reader, taken);

                // journald itself writes one entry after each rotation.
                assertThat(taken.entries.size() + lost(reader)).isEqualTo(5 * 500 + 4);
                assertThat(of(taken, "e")).isEqualTo(lines("e", 500));
                assertThat(lost(reader))
                        .isEqualTo(reader.drops().get("unread_entry"))
                        .isGreaterThanOrEqualTo(1_000);
            }
        }
    }

    @Test
    void whatIsCopiedToTheDiskCountsOnce() throws Exception {
        for (boolean fromBeginning : new boolean[] {true, false}) {
            try (Journald journald = new Journald()) {
                journald.write(Way.STDOUT, "early", 100);
                TakenEntries taken = new TakenEntries();
                try (JournalReader reader = journald.reader(fromBeginning)) {
                    journald.write(Way.STDOUT, "run", 3_000);
                    reader.read(taken);
                    journald.write(Way.STDOUT, "unread", 3_000);
                    journald.daemon().flush();
                    journald.write(Way.STDOUT, "disk", 3_000);
                    readAll(reader, taken);
                    readAll(reader, taken);

                    assertThat(of(taken, "early")).isEqualTo(fromBeginning ? lines("early", 100) : List.of());
                    assertThat(of(taken, "run")).isEqualTo(lines("run", 3_000));
                    assertThat(of(taken, "unread")).isEqualTo(lines("unread", 3_000));
                    assertThat(of(taken, "disk")).isEqualTo(lines("disk", 3_000));
                    assertThat(lost(reader)).isZero();
                }
            }
        }
    }

    @Test
    void aKilledJournaldLeavesWhatItWrote() throws Exception {
        try (Journald journald = new Journald()) {
            journald.daemon().flush();
            TakenEntries taken = new TakenEntries();
            try (JournalReader reader = journald.reader(true)) {
                for (int round = 0; round < 3; round++) {
                    Process writer = journald.begin(Way.SYSLOG, "round" + round, 5_000);
                    readAll(reader, taken);
                    journald.daemon().kill();
                    journald.daemon().resume();
                    writer.waitFor();
                    readAll(reader, taken);
                }
                journald.write(Way.STDOUT, "end", 100);
                readAll(reader, taken);

                List<String> kept = journald.daemon()
                        .enter("journalctl", "--quiet", "--output=cat", "--no-pager")
                        .lines()
                        .toList();
                assertThat(taken.messages()).containsExactlyInAnyOrderElementsOf(kept);
                assertThat(of(taken, "end")).isEqualTo(lines("end", 100));
                assertThat(lost(reader)).isZero();
            }
        }
    }
}
