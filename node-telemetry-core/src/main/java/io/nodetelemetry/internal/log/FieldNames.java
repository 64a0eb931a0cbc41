package io.nodetelemetry.internal.log;

/** What logging libraries call the parts of a message in their structured formats. */
final class FieldNames {
    static final WordSet MESSAGE =
            new WordSet("msg message @m @mt @message _msg short_message renderedmessage messagetemplate textpayload");
    static final WordSet LEVEL = new WordSet("level lvl severity loglevel log_level log.level levelname level_name"
            + " severitytext severity_text sev @l @level");
    /** OpenTelemetry's: 1 to 24. */
    static final WordSet SEVERITY_NUMBER = new WordSet("severitynumber severity_number");
    /** MongoDB's level, a letter and a number at times: too short a name to believe anything else. */
    static final WordSet LETTER = new WordSet("s");
    /** Where no other field is the message. */
    static final WordSet SECONDARY = new WordSet("event text log body");
    /** Why something failed: Kubernetes' components write no other level in JSON. */
    static final WordSet CAUSE = new WordSet("err error");
    /** Objects in which message or level are at times: of Rust's tracing, Elastic, Google. */
    static final WordSet NESTING = new WordSet("fields log jsonpayload");

    private FieldNames() {}
}
