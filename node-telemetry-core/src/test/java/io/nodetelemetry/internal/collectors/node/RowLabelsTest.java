package io.nodetelemetry.internal.collectors.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.collector.Labels;
import org.junit.jupiter.api.Test;

class RowLabelsTest {
    private final RowLabels<String> rows = new RowLabels<>(2, Labels::of);

    @Test
    void labelsAreTheSameObjectFromReadToRead() {
        rows.begin();
        Labels first = rows.next("a").orElseThrow();
        rows.begin();

        assertThat(rows.next("a").orElseThrow()).isSameAs(first);
    }

    @Test
    void rowThatWasAwayIsNew() {
        rows.begin();
        Labels first = rows.next("a").orElseThrow();
        rows.begin();
        rows.begin();

        assertThat(rows.next("a").orElseThrow()).isEqualTo(first).isNotSameAs(first);
    }

    @Test
    void secondRowOfAKeyIsLeftOutAndNotCounted() {
        rows.begin();
        rows.next("a");

        assertThat(rows.next("a")).isEmpty();
        assertThat(rows.dropped()).isZero();
    }

    @Test
    void rowWithoutRoomIsLeftOutAndCounted() {
        rows.begin();
        rows.next("a");
        rows.next("b");

        assertThat(rows.next("c")).isEmpty();
        assertThat(rows.dropped()).isEqualTo(1);
        rows.begin();
        assertThat(rows.next("c")).as("there is room now").isPresent();
    }
}
