package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerMetadata;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One question to several runtimes: the first that knows the container decides, and that nobody knows it is decided when
 * all have said so. Runtimes that are not here are waited for, but keep nobody waiting. Used by several threads.
 */
final class Ballot {
    private final MetadataResolver.Question question;
    private final int voters;
    private final Set<RuntimeClient> without = new HashSet<>();
    private final Set<RuntimeClient> absent = new HashSet<>();
    private boolean decided;
    private boolean foundByNobody;

    /** What an answer means for the question. */
    enum Outcome {
        /** Others have to answer yet, or have done so already. */
        NOTHING,
        /** Nobody who is here knows the container; one who comes may yet. */
        NOBODY_YET,
        /** The answer is the one that counts. */
        DECIDED
    }

    Ballot(MetadataResolver.Question question, int voters) {
        this.question = question;
        this.voters = voters;
    }

    MetadataResolver.Question question() {
        return question;
    }

    /** Takes one runtime's answer. */
    synchronized Outcome answers(RuntimeClient voter, Optional<ContainerMetadata> answer) {
        if (decided) {
            return Outcome.NOTHING;
        }
        absent.remove(voter);
        if (answer.isEmpty()) {
            without.add(voter);
        }
        decided = answer.isPresent() || without.size() == voters;
        return decided ? Outcome.DECIDED : nobodyYet();
    }

    /** Takes note that a runtime is not here; it may say so any number of times. */
    synchronized Outcome isAbsent(RuntimeClient voter) {
        if (decided) {
            return Outcome.NOTHING;
        }
        absent.add(voter);
        return nobodyYet();
    }

    private Outcome nobodyYet() {
        boolean first = !foundByNobody && without.size() + absent.size() == voters;
        foundByNobody |= first;
        return first ? Outcome.NOBODY_YET : Outcome.NOTHING;
    }

    /** No answer counts any more. */
    synchronized void close() {
        decided = true;
    }

    /** Whether further answers are of no use. */
    synchronized boolean isDecided() {
        return decided;
    }
}
