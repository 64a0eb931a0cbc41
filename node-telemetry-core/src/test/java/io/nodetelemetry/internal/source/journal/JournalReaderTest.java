package io.nodetelemetry.internal.source.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.journal.TakenEntries.Taken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalReaderTest {
    /** Where the header has the number of entries, less than 256. */
    private static final int ENTRIES_AT = 152;

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"zstd-compact", "zstd-plain", "lz4-compact", "xz-compact"})
    void everyEntryOfACapturedJournalIsRead(String name) throws Exception {
        Files.write(CapturedJournal.volatileDirectory(root).resolve("system.journal"), CapturedJournal.bytes(name));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            List<Taken> web = of(CapturedJournal.readAll(reader), "web.service");

            assertThat(web)
                    .extracting(Taken::message)
                    .startsWith(
                            "cannot connect to db",
                            "cannot connect to db",
                            "first line\nsecond line\n\tthird",
                            "binary \0\u0001\u00ff\u00fe end",
                            "",
                            "long " + "abcdefghij".repeat(200),
                            "huge " + "0123456789".repeat(6_553) + "0");
            assertThat(web)
                    .extracting(Taken::cut)
                    .containsExactly(false, false, false, false, false, false, true, false, false, false);
            assertThat(web.subList(0, 7))
                    .extracting(Taken::priority)
                    .containsExactly(
                            OptionalInt.of(3),
                            OptionalInt.of(3),
                            OptionalInt.of(6),
                            OptionalInt.of(4),
                            OptionalInt.empty(),
                            OptionalInt.of(2),
                            OptionalInt.of(2));
            assertThat(web).extracting(Taken::cgroup).containsOnly(Optional.of("/system.slice/web.service"));
            assertThat(web.getFirst().identifier()).contains("web");
            assertThat(reader.drops())
                    .allSatisfy((reason, count) -> assertThat(count).as(reason).isZero());
            assertThat(reader.degraded()).isEmpty();
        }
    }

    private static List<Taken> of(TakenEntries taken, String unit) {
        return taken.entries.stream()
                .filter(entry -> entry.unit().equals(Optional.of(unit)))
                .toList();
    }

    @Test
    void aFullFileThatIsReplacedByItsCopyIsReadOnce() throws Exception {
        Path file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        Files.write(file, CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);
            Path archive = file.resolveSibling("system@c024140e-0000000000000001-000660f457d2566e.journal");
            Files.copy(file, archive);
            Files.delete(file);
            Files.write(file, CapturedJournal.bytes("zstd-plain"));

            int next = CapturedJournal.readAll(reader).entries.size();
            assertThat(next).isPositive();
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops())
                    .allSatisfy((reason, count) -> assertThat(count).as(reason).isZero());
            try (JournalReader fresh = CapturedJournal.reader(root, true)) {
                assertThat(CapturedJournal.readAll(fresh).entries).hasSize(76 + next);
            }
        }
    }

    @Test
    void aFileIsReadToItsEndAfterItsCopyCame() throws Exception {
        Path file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        byte[] whole = CapturedJournal.bytes("zstd-compact");
        // As it was when it was made: nothing but zeros.
        Files.write(file, new byte[whole.length]);

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            Files.write(file, whole);
            Files.copy(file, file.resolveSibling("system@c024140e-0000000000000001-000660f457d2566e.journal"));
            Files.delete(file);

            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
        }
    }

    @Test
    void aCopyBesideAJournalCountsNothing() throws Exception {
        Path file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        Files.write(file, CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);
            Path backup = file.resolveSibling("system@backup.journal");
            Files.copy(file, backup);
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            Files.createFile(file.resolveSibling("another.journal"));
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
        }
    }

    @Test
    void aServiceMayHaveAJournalOfItsOwn() throws Exception {
        Path own = CapturedJournal.volatileDirectory(root).resolveSibling(CapturedJournal.MACHINE + ".web");
        Files.createDirectories(own);
        Files.write(own.resolve("system.journal"), CapturedJournal.bytes("zstd-compact"));
        Path foreign = Files.createDirectories(own.resolveSibling("remote"));
        Files.write(foreign.resolve("remote.journal"), CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);
        }
    }

    @Test
    void partsOfAContainersLineAreTold() throws Exception {
        Files.write(
                CapturedJournal.volatileDirectory(root).resolve("system.journal"),
                CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            List<Taken> parts = CapturedJournal.readAll(reader).entries.stream()
                    .filter(entry -> entry.containerId().isPresent())
                    .toList();

            assertThat(parts).extracting(Taken::message).containsExactly("part 0", "part 1", "part 2");
            assertThat(parts).extracting(Taken::partial).containsExactly(true, true, false);
            assertThat(parts).extracting(Taken::containerId).containsOnly(Optional.of("c0ffee" + "0".repeat(58)));
        }
    }

    @Test
    void syslogStandardOutputAndNativeEntriesAreToldApartByTheirWriters() throws Exception {
        Files.write(
                CapturedJournal.volatileDirectory(root).resolve("system.journal"),
                CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            List<Taken> db = of(CapturedJournal.readAll(reader), "db.service");

            assertThat(db)
                    .extracting(Taken::message)
                    .startsWith("checkpoint starting", "from stdout", "plain stdout")
                    .endsWith(IntStream.range(0, 60)
                            .mapToObj(i -> "query %d took %d ms".formatted(i, i * 7))
                            .toArray(String[]::new));
            assertThat(db.get(0).priority()).hasValue(4);
            assertThat(db.get(1).priority()).hasValue(3);
            assertThat(db.get(2).priority()).hasValue(5);
            assertThat(db.get(1).stream()).isEqualTo(db.get(2).stream()).isNotEqualTo(db.get(3).stream());
            assertThat(db.get(3).stream()).isEqualTo(db.get(62).stream());
        }
    }

    @Test
    void whatWasThereBeforeIsNotReadAtTheEnd() throws Exception {
        Path file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        Files.write(file, CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, false)) {
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops())
                    .allSatisfy((reason, count) -> assertThat(count).as(reason).isZero());
        }
    }

    /** Of a system in a container, which has a boot of its own: its services are not the host's. */
    @Test
    void whatAnotherSystemWritesIsNotOurs() throws Exception {
        Path file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        byte[] bytes = CapturedJournal.bytes("zstd-compact");
        byte entries = bytes[ENTRIES_AT];
        bytes[ENTRIES_AT] = 40;
        Files.write(file, bytes);

        Path boot = Files.writeString(root.resolve("boot_id"), CapturedJournal.MACHINE);
        JournalSettings settings = new JournalSettings(List.of(JournalSettings.Home.below(root)), boot, false);
        try (JournalReader reader = JournalReader.open(settings)) {
            bytes[ENTRIES_AT] = entries;
            Files.write(file, bytes);

            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(reader.drops())
                    .allSatisfy((reason, count) -> assertThat(count).as(reason).isZero());
        }
    }

    @Test
    void withoutRoomEntriesArePassedOverAndCounted() throws Exception {
        Files.write(
                CapturedJournal.volatileDirectory(root).resolve("system.journal"),
                CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            TakenEntries taken = new TakenEntries(5);
            while (reader.read(taken)) {
                // There is more.
            }

            assertThat(taken.entries).hasSize(5);
            assertThat(taken.skipped).isEqualTo(72);
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
        }
    }

    @Test
    void aJournalThatIsSeenByTwoPathsIsReadOnce() throws Exception {
        Path file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        Files.write(file, CapturedJournal.bytes("zstd-compact"));
        Path other = Files.createSymbolicLink(root.resolve("other"), root);
        JournalSettings settings = JournalSettings.below(List.of(root, other), Path.of("/proc"), true);

        try (JournalReader reader = JournalReader.open(settings)) {
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);
        }
        assertThat(ReadableJournal.find(settings.homes())).contains(file.getParent());
    }

    @Test
    void withoutAJournalNothingIsReadUntilThereIsOne() throws Exception {
        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(ReadableJournal.find(List.of(JournalSettings.Home.below(root))))
                    .isEmpty();

            Files.write(
                    CapturedJournal.persistentDirectory(root).resolve("user-1000.journal"),
                    CapturedJournal.bytes("zstd-plain"));

            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);
        }
    }

    @Test
    void anArchiveIsReadToItsEndAndNeverAgain() throws Exception {
        Path file = CapturedJournal.volatileDirectory(root).resolve("system.journal");
        Files.write(file, CapturedJournal.bytes("zstd-compact"));

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            Path archive = file.resolveSibling("system@0123-01.journal");
            Files.move(file, archive);
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);

            Files.move(archive, file.resolveSibling("system@0123-01.journal~"));
            Files.move(file.resolveSibling("system@0123-01.journal~"), archive);
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
        }
    }

    @Test
    void whatWasCopiedFromTheVolatileJournalIsReadOnce() throws Exception {
        byte[] bytes = CapturedJournal.bytes("zstd-compact");
        Files.write(CapturedJournal.volatileDirectory(root).resolve("system.journal"), bytes);

        try (JournalReader reader = CapturedJournal.reader(root, true)) {
            assertThat(CapturedJournal.readAll(reader).entries).hasSize(76);

            Files.write(CapturedJournal.persistentDirectory(root).resolve("system.journal"), bytes);

            assertThat(CapturedJournal.readAll(reader).entries).isEmpty();
        }
    }
}
