package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.TcpTranslation;
import java.util.Optional;
import java.util.function.Consumer;

/** Who tells the kernel's map of translations what it has to know; that is another kernel interface than BPF. */
@FunctionalInterface
public interface TranslationSource {
    /** Nobody: what was dialled counts as what was reached. */
    TranslationSource NONE = (filter, older) -> new Feed() {
        @Override
        public Optional<String> degraded() {
            return Optional.empty();
        }

        @Override
        public long lost() {
            return 0;
        }

        @Override
        public void close() {}
    };

    /**
     * Begins. Called before connections are counted; when it returns, new translations are heard and older ones are
     * noted, or {@link Feed#degraded} says why not.
     *
     * @param filter descriptor of the BPF program that hears of new translations, to be attached to a socket that
     *     subscribed to them
     * @param older notes a translation of which the program did not hear; for any thread, until the feed is closed
     */
    Feed open(int filter, Consumer<TcpTranslation> older);

    /** What is under way until it is closed. For one thread. */
    interface Feed extends AutoCloseable {
        /** What is not heard, and what to do about it; empty if everything is. */
        Optional<String> degraded();

        /** How often it was told that something was not heard, without being told what. */
        long lost();

        /** Returns when nothing is noted any more. */
        @Override
        void close();
    }
}
