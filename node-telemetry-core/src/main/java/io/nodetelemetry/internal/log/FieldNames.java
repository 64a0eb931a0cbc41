package io.nodetelemetry.internal.log;

/** What logging libraries call the message and the level in their structured formats. */
final class FieldNames {
    static final WordSet MESSAGE = new WordSet("msg message @m @mt short_message");
    /** {@code s} is MongoDB's. */
    static final WordSet LEVEL = new WordSet("level lvl severity loglevel log_level log.level levelname @l s");
    /** Where no other field is the message. */
    static final WordSet SECONDARY = new WordSet("event text log");

    private FieldNames() {}
}
