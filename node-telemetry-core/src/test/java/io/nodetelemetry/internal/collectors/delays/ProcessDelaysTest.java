package io.nodetelemetry.internal.collectors.delays;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.collectors.delays.ProcessDelays.Account;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TaskDelays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ProcessDelaysTest {
    private static final long LIFE = 1_000_000;
    private static final CgroupRef WEB = new CgroupRef(0, 100);
    private static final CgroupRef DB = new CgroupRef(0, 200);

    private final ProcessDelays delays = new ProcessDelays(4);

    private void pass(Runnable listed) {
        delays.begin();
        listed.run();
        delays.end();
    }

    private TaskDelays sum(CgroupRef cgroup) {
        return delays.sums().getOrDefault(cgroup, TaskDelays.NONE);
    }

    @Test
    void whatAProcessWaitedSinceItWasHeardLastIsAdded() {
        pass(() -> delays.alive(1, WEB, 3, new Account(500, 50), LIFE));
        pass(() -> delays.alive(1, WEB, 2, new Account(700, 60), LIFE));

        assertThat(sum(WEB)).isEqualTo(new TaskDelays(700, 60, 2, 0));
    }

    @Test
    void lastWordsAreAddedToWhatWasHeard() {
        pass(() -> delays.alive(1, WEB, 1, new Account(500, 50), LIFE));
        delays.threadEnded(1, WEB);
        delays.lastWords(1, WEB, new Account(900, 90), OptionalLong.of(LIFE));

        assertThat(sum(WEB)).isEqualTo(new TaskDelays(900, 90, 1, 1));
        pass(() -> {});
        pass(() -> {});
        assertThat(sum(WEB)).isEqualTo(new TaskDelays(900, 90, 0, 1));
        assertThat(delays.cgroupOf(1)).isEmpty();
    }

    @Test
    void aProcessThatNoPassSawIsKnownByItsLastWords() {
        delays.threadEnded(1, WEB);
        delays.lastWords(1, WEB, new Account(900, 90), OptionalLong.of(LIFE));

        assertThat(sum(WEB)).isEqualTo(new TaskDelays(900, 90, 0, 1));
    }

    /** The first thread may end before the others, or as the last one, and its words come with those of the process. */
    @Test
    void theFirstThreadAndTheProcessAreNotCountedTwice() {
        delays.threadEnded(1, WEB);
        delays.threadEnded(1, WEB);
        delays.lastWords(1, WEB, new Account(300, 30), OptionalLong.of(LIFE));
        delays.lastWords(1, WEB, new Account(900, 90), OptionalLong.of(LIFE));

        assertThat(sum(WEB)).isEqualTo(new TaskDelays(900, 90, 0, 2));
    }

    @Test
    void lastWordsThatComeAfterAPassAreNotCountedTwice() {
        delays.lastWords(1, WEB, new Account(300, 30), OptionalLong.of(LIFE));
        pass(() -> {});
        delays.lastWords(1, WEB, new Account(900, 90), OptionalLong.of(LIFE));

        assertThat(sum(WEB).runNanos()).isEqualTo(900);
    }

    @Test
    void whoMovesTakesNothingAlong() {
        pass(() -> delays.alive(1, WEB, 1, new Account(500, 50), LIFE));
        pass(() -> delays.alive(1, DB, 1, new Account(700, 60), LIFE));

        assertThat(sum(WEB)).isEqualTo(new TaskDelays(500, 50, 0, 0));
        assertThat(sum(DB)).isEqualTo(new TaskDelays(200, 10, 1, 0));
    }

    @Test
    void whatAProcessCannotHaveWaitedIsLeftOutAndWhatFollowsIsNot() {
        pass(() -> delays.alive(1, WEB, 1, new Account(500, 13 * LIFE), LIFE));
        pass(() -> delays.alive(1, WEB, 1, new Account(600, 13 * LIFE + 7), LIFE));
        delays.threadEnded(2, WEB);
        delays.lastWords(2, WEB, new Account(0, 13 * LIFE), OptionalLong.of(LIFE));

        assertThat(sum(WEB)).isEqualTo(new TaskDelays(600, 7, 1, 1));
        assertThat(delays.impossible()).isEqualTo(2);
    }

    @Test
    void withoutAStartTheLastWordsAreBelieved() {
        delays.lastWords(2, WEB, new Account(0, 13 * LIFE), OptionalLong.empty());

        assertThat(sum(WEB).blockNanos()).isEqualTo(13 * LIFE);
    }

    @Test
    void itsPlaceIsLookedForAgainAtFirstAndThenSeldom() {
        int looks = 0;
        for (int i = 0; i < 50; i++) {
            looks += delays.recentCgroupOf(1).isEmpty() ? 1 : 0;
            pass(() -> delays.alive(1, WEB, 1, Account.NONE, LIFE));
        }
        assertThat(looks).isBetween(5, 7);
    }

    @Test
    void whatFindsNoRoomIsCounted() {
        pass(() -> {
            for (int pid = 1; pid <= 6; pid++) {
                delays.alive(pid, WEB, 1, Account.NONE, LIFE);
            }
        });

        assertThat(delays.dropped()).isEqualTo(2);
        assertThat(sum(WEB).living()).isEqualTo(4);
    }

    @Test
    void aCgroupThatIsRemovedIsHandedOutOnce() {
        delays.threadEnded(1, WEB);
        delays.lastWords(1, WEB, new Account(900, 90), OptionalLong.of(LIFE));

        assertThat(delays.remove(WEB)).contains(new TaskDelays(900, 90, 0, 1));
        assertThat(delays.remove(WEB)).isEmpty();
    }
}
