package io.nodetelemetry.internal.runtime;

import io.nodetelemetry.model.ContainerMetadata;
import java.util.Optional;

/**
 * One question to several runtimes: the first that knows the container decides, and that nobody knows it is decided when
 * all have said so. Used by several threads.
 */
final class Ballot {
    private final MetadataResolver.Question question;
    private int undecided;

    Ballot(MetadataResolver.Question question, int voters) {
        this.question = question;
        undecided = voters;
    }

    MetadataResolver.Question question() {
        return question;
    }

    /** Takes one runtime's answer; true for the one answer that counts. */
    synchronized boolean decides(Optional<ContainerMetadata> answer) {
        if (undecided == 0) {
            return false;
        }
        undecided = answer.isPresent() ? 0 : undecided - 1;
        return undecided == 0;
    }

    /** No answer counts any more. */
    synchronized void close() {
        undecided = 0;
    }

    /** Whether further answers are of no use. */
    synchronized boolean isDecided() {
        return undecided == 0;
    }
}
