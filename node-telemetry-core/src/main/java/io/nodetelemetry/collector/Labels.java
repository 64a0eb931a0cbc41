package io.nodetelemetry.collector;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attribute values of one row, in the order of its table's keys. A collector keeps one instance per row for as long
 * as the row lives and hands it out again in each snapshot: strings are then shared between snapshots, and an outlet's
 * encoding of them is made once.
 *
 * <p>Equal by values. Safe for use by several threads.
 */
public final class Labels {
    /** No attributes. */
    public static final Labels NONE = new Labels();

    private final String[] values;
    private @Nullable Encoding encoding;

    private Labels(String... values) {
        this.values = values;
    }

    /** The values in the order of the table's keys; an absent value is the empty string. */
    public static Labels of(String... values) {
        return values.length == 0 ? NONE : new Labels(values.clone());
    }

    /** How many values there are. */
    public int size() {
        return values.length;
    }

    /** The value of the key at that place of the table's keys. */
    public String get(int index) {
        return values[index];
    }

    /**
     * What {@link #encoded(Object, byte[])} last kept for that form, or null. The array must not be changed.
     *
     * @param form stands for everything else that the bytes depend on, such as the keys; compared by identity
     */
    @SuppressWarnings("ReferenceEquality") // compared in the inner loop of every scrape
    public byte @Nullable [] encoded(Object form) {
        Encoding kept = encoding;
        return kept != null && kept.form == form ? kept.bytes : null;
    }

    /**
     * Keeps an outlet's encoding of these values, the last one only. A race between two threads is harmless: each sees
     * either a whole encoding with its form, or none.
     */
    public void encoded(Object form, byte[] bytes) {
        encoding = new Encoding(form, bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Labels that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return List.of(values).toString();
    }

    /** Final fields make its publication without a lock safe. */
    private static final class Encoding {
        private final Object form;
        private final byte[] bytes;

        Encoding(Object form, byte[] bytes) {
            this.form = form;
            this.bytes = bytes;
        }
    }
}
