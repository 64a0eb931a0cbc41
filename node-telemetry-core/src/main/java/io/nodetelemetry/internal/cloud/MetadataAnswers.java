package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Collects what one round of questions yields: facts, and the first thing that went wrong. For one thread. */
final class MetadataAnswers {
    private final Map<CloudFact, String> facts = new EnumMap<>(CloudFact.class);
    private Optional<String> trouble = Optional.empty();

    /** Something that may be unknown to the service. */
    interface Question {
        Optional<String> ask() throws IOException;
    }

    void put(CloudFact fact, String value) {
        facts.put(fact, value);
    }

    void put(CloudFact fact, Optional<String> value) {
        value.ifPresent(known -> put(fact, known));
    }

    /** Asks; an answer that cannot be used is remembered as trouble and costs this fact alone. */
    void ask(CloudFact fact, Question question) throws IOException {
        try {
            put(fact, question.ask());
        } catch (UnusableAnswerException e) {
            failed(String.valueOf(e.getMessage()));
        }
    }

    void failed(String reason) {
        if (trouble.isEmpty()) {
            trouble = Optional.of(reason);
        }
    }

    CloudFacts facts() {
        return new CloudFacts(facts);
    }

    /** What was wrong with the answers, for people; empty if they are complete. */
    Optional<String> trouble() {
        return trouble.isEmpty() && !facts.containsKey(CloudFact.INSTANCE_ID)
                ? Optional.of("it knows no instance id")
                : trouble;
    }
}
