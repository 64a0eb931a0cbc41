package io.nodetelemetry.internal.source.logfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.ffm.FileStatus;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SuccessionTest {
    @Test
    void withNumbersTheSmallerIsTheNewer() {
        Succession succession = Succession.after(
                file(3, 30),
                List.of(sibling("10", 1, 10), sibling("2", 4, 40), sibling("3", 3, 30), sibling("1", 5, 50)));

        assertThat(succession.newer()).extracting(Sibling::name).containsExactly("app.log.2", "app.log.1");
        assertThat(succession.index()).isEqualTo(OptionalInt.of(3));
    }

    @Test
    void timesOfOneShapeAreInTheOrderOfTheirText() {
        Succession succession = Succession.after(
                file(1, 10),
                List.of(
                        sibling("20260103-000000", 3, 11),
                        sibling("20260101-000000", 1, 10),
                        sibling("20260102-000000", 2, 99)));

        assertThat(succession.newer())
                .extracting(Sibling::name)
                .containsExactly("app.log.20260102-000000", "app.log.20260103-000000");
        assertThat(succession.index()).isEmpty();
    }

    @Test
    void otherNamesAreInTheOrderInWhichTheyWereWritten() {
        assertThat(Succession.inOrder(List.of(sibling("old", 1, 20), sibling("1", 2, 10))))
                .extracting(Sibling::name)
                .containsExactly("app.log.1", "app.log.old");
    }

    @Test
    void ofAFileThatIsGoneThoseFollowThatWereMadeLater() {
        Succession succession =
                Succession.after(file(7, 20), List.of(sibling("1", 9, 40), sibling("2", 8, 30), sibling("3", 6, 10)));

        assertThat(succession.newer()).extracting(Sibling::name).containsExactly("app.log.2", "app.log.1");
    }

    @Test
    void whereNobodyKeepsWhenFilesAreMadeTheLastChangeDecides() {
        FileStatus last = new FileStatus(1, 7, 0, FileStatus.Type.REGULAR, 0, 20, OptionalLong.empty());

        assertThat(Succession.after(last, List.of(sibling("1", 9, 40), sibling("2", 6, 10)))
                        .newer())
                .extracting(Sibling::name)
                .containsExactly("app.log.1");
    }

    @Test
    void anOldFileBesideTheNumberedOnesIsNoSuccessor() {
        assertThat(Succession.after(file(3, 30), List.of(sibling("2", 3, 30), sibling("1", 1, 10)))
                        .newer())
                .isEmpty();
    }

    private static Sibling sibling(String mark, long inode, long nanos) {
        return new Sibling("app.log." + mark, new GenerationName(mark), file(inode, nanos));
    }

    private static FileStatus file(long inode, long nanos) {
        return new FileStatus(1, inode, 0, FileStatus.Type.REGULAR, 1, nanos, OptionalLong.of(nanos));
    }
}
