package io.nodetelemetry.internal.source.logfile;

import io.nodetelemetry.internal.ffm.FileStatus;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which of the files beside a log came after one that was read.
 *
 * @param newer those that came later, the oldest first
 * @param index number in the name of the one that was read, if it is among them and they are numbered
 */
record Succession(List<Sibling> newer, OptionalInt index) {
    /** What came after a file, which may be among them under another name by now, or be gone. */
    static Succession after(FileStatus last, List<Sibling> siblings) {
        List<Sibling> ordered = inOrder(siblings);
        for (int i = 0; i < ordered.size(); i++) {
            if (ordered.get(i).status().isSameFile(last)) {
                List<Sibling> newer = ordered.subList(i + 1, ordered.size()).stream()
                        .filter(sibling -> !isOlder(sibling.status(), last))
                        .toList();
                return new Succession(
                        newer, numbered(ordered) ? ordered.get(i).generation().index() : OptionalInt.empty());
            }
        }
        return new Succession(
                ordered.stream()
                        .filter(sibling -> isNewer(sibling.status(), last))
                        .toList(),
                OptionalInt.empty());
    }

    /**
     * The oldest first. Numbers count rotations since; times of the same shape are in the order of their text; any others
     * are in the order in which they were written to last.
     */
    static List<Sibling> inOrder(List<Sibling> siblings) {
        Comparator<Sibling> order;
        if (numbered(siblings)) {
            order = Comparator.comparingInt(
                    sibling -> -sibling.generation().index().orElseThrow());
        } else if (siblings.stream()
                        .mapToInt(sibling -> sibling.generation().mark().length())
                        .distinct()
                        .count()
                == 1) {
            order = Comparator.comparing(sibling -> sibling.generation().mark());
        } else {
            order = Comparator.comparingLong(
                            (Sibling sibling) -> sibling.status().modifiedNanos())
                    .thenComparing(sibling -> sibling.generation().mark());
        }
        return siblings.stream().sorted(order.thenComparing(Sibling::name)).toList();
    }

    private static boolean numbered(List<Sibling> siblings) {
        return siblings.stream()
                .allMatch(sibling -> sibling.generation().index().isPresent());
    }

    private static boolean isOlder(FileStatus file, FileStatus last) {
        return file.bornNanos().isPresent()
                && last.bornNanos().isPresent()
                && file.bornNanos().getAsLong() < last.bornNanos().getAsLong();
    }

    private static boolean isNewer(FileStatus file, FileStatus last) {
        if (file.bornNanos().isPresent() && last.bornNanos().isPresent()) {
            long born = file.bornNanos().getAsLong();
            long lastBorn = last.bornNanos().getAsLong();
            return born > lastBorn || (born == lastBorn && file.modifiedNanos() >= last.modifiedNanos());
        }
        return file.modifiedNanos() > last.modifiedNanos();
    }
}
