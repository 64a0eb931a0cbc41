package io.nodetelemetry.internal.source.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.journal.Journald.Way;
import io.nodetelemetry.testing.FaultyDisk;
import io.nodetelemetry.testing.RequiresJournald;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real journald writes where something goes wrong: each entry is read once all the same, or counted. */
@RequiresJournald
class JournalTroubleIT {
    @TempDir
    private Path directory = Path.of("");

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
    void aDiskThatFailsForAWhileIsReadOnWhereItFailed() throws Exception {
        try (Journald journald = new Journald()) {
            journald.write(Way.STDOUT, "early", 10);
            Path machine = journald.volatileDirectory();
            JournalSettings.Home home = new JournalSettings.Home(directory.resolve("run"), directory.resolve("var"));
            Path seen = home.untilReboot().resolve(machine.getFileName());
            TakenEntries taken = new TakenEntries();
            try (FaultyDisk disk = FaultyDisk.mount(machine, seen);
                    JournalReader reader = Journald.reader(home, false)) {
                journald.write(Way.STDOUT, "before", 500);
                readAll(reader, taken);
                assertThat(of(taken, "before")).isEqualTo(lines("before", 500));
                disk.fail();
                journald.write(Way.STDOUT, "meanwhile", 500);
                readAll(reader, taken);
                journald.daemon().rotate();
                readAll(reader, taken);
                assertThat(of(taken, "meanwhile")).isEmpty();
                assertThat(reader.drops()).containsEntry("unreadable_file", 1L);
                disk.work();
                journald.write(Way.STDOUT, "after", 500);
                readAll(reader, taken);

                assertThat(of(taken, "before")).isEqualTo(lines("before", 500));
                assertThat(of(taken, "meanwhile")).isEqualTo(lines("meanwhile", 500));
                assertThat(of(taken, "after")).isEqualTo(lines("after", 500));
                assertThat(of(taken, "early")).isEmpty();
                assertThat(lost(reader)).isEqualTo(1);
            }
        }
    }

    @Test
    void whatIsOldIsPassedOverEvenIfItCannotBeReadAtTheStart() throws Exception {
        List<Consumer<FaultyDisk>> faults = List.of(FaultyDisk::fail, FaultyDisk::failToOpen);
        for (Consumer<FaultyDisk> fault : faults) {
            try (Journald journald = new Journald()) {
                journald.write(Way.STDOUT, "early", 500);
                Path machine = journald.volatileDirectory();
                Path place = directory.resolve(Integer.toString(faults.indexOf(fault)));
                JournalSettings.Home home = new JournalSettings.Home(place.resolve("run"), place.resolve("var"));
                Path seen = home.untilReboot().resolve(machine.getFileName());
                TakenEntries taken = new TakenEntries();
                try (FaultyDisk disk = FaultyDisk.mount(machine, seen)) {
                    assertThat(seen.resolve("system.journal")).exists();
                    fault.accept(disk);
                    try (JournalReader reader = Journald.reader(home, false)) {
                        readAll(reader, taken);
                        assertThat(reader.drops()).containsEntry("unreadable_file", 1L);
                        disk.work();
                        readAll(reader, taken);
                        journald.write(Way.STDOUT, "after", 500);
                        readAll(reader, taken);

                        assertThat(taken.messages()).isEqualTo(lines("after", 500));
                        assertThat(lost(reader)).isEqualTo(1);
                    }
                }
            }
        }
    }

    /** As a machine does when {@code /var} is unmounted and mounted again. */
    @Test
    void aJournalThatGoesBackAndForthBetweenMemoryAndDiskCountsOnce() throws Exception {
        try (Journald journald = new Journald()) {
            TakenEntries taken = new TakenEntries();
            try (JournalReader reader = journald.reader(true)) {
                for (String round : List.of("a", "b", "c")) {
                    journald.write(Way.STDOUT, "run" + round, 500);
                    readAll(reader, taken);
                    journald.daemon().flush();
                    // Not read before the journal is in memory again.
                    journald.write(Way.STDOUT, "disk" + round, 500);
                    journald.daemon().enter("journalctl", "--relinquish-var");
                    journald.write(Way.STDOUT, "again" + round, 500);
                    if (!round.equals("b")) {
                        readAll(reader, taken);
                    }
                }
                readAll(reader, taken);

                for (String round : List.of("a", "b", "c")) {
                    for (String name : List.of("run", "disk", "again")) {
                        assertThat(of(taken, name + round)).as(name + round).isEqualTo(lines(name + round, 500));
                    }
                }
                assertThat(lost(reader)).isZero();
            }
        }
    }

    @Test
    void anEntryMayHaveHundredsOfFieldsAndAMegabyte() throws Exception {
        try (Journald journald = new Journald();
                JournalReader reader = journald.reader(false)) {
            TakenEntries taken = new TakenEntries();
            journald.daemon().enter("sh", "-c", """
                    { for i in $(seq 480); do echo "FIELD_$i=value $i"; done; echo MESSAGE=many-1; } | logger --journald
                    { echo MESSAGE=$(head -c 1000000 /dev/zero | tr '\\0' m); echo PRIORITY=3; } | logger --journald
                    { echo OTHER=$(head -c 1000000 /dev/urandom | base64 -w 0); echo MESSAGE=many-2; } | logger --journald
                    """);
            journald.daemon().enter("journalctl", "--sync");
            readAll(reader, taken);

            assertThat(of(taken, "many")).isEqualTo(lines("many", 2));
            assertThat(taken.entries)
                    .filteredOn(TakenEntries.Taken::cut)
                    .extracting(TakenEntries.Taken::message)
                    .containsExactly("m".repeat(JournalEntry.MAX_MESSAGE_BYTES));
            assertThat(lost(reader)).isZero();
        }
    }
}
