package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;
import java.nio.charset.StandardCharsets;

/**
 * Counts the messages of one log by level and, from some level on, by pattern. Counting what is known allocates nothing.
 * Belongs to one thread.
 */
public final class MessageCounts {
    /**
     * What is counted how.
     *
     * @param lowest messages below this level are counted by level alone
     * @param maskSecrets whether passwords, tokens and the like in samples are replaced
     * @param maxSample of the first message that is kept, in characters
     */
    public record Rules(LogLevel lowest, boolean maskSecrets, int maxSample) {}

    private static final int MASKED_BEYOND = 1_024;

    private final Rules rules;
    private final LogLineReader reader;
    private final PatternTable patterns;
    private final LevelCounts below = new LevelCounts();

    /**
     * Nothing is counted yet.
     *
     * @param reader may be shared by all that belong to the same thread
     * @param room for patterns; messages of others count in {@link PatternTable#beyond}
     */
    public MessageCounts(Rules rules, LogLineReader reader, PatternRoom room) {
        this.rules = rules;
        this.reader = reader;
        patterns = new PatternTable(room);
    }

    /**
     * Counts one message.
     *
     * @param text of which the sample is made
     * @param head whose level and pattern are the message's
     * @param otherwise the level if the head names none
     */
    public void count(byte[] text, int textLength, byte[] head, int headLength, LogLevel otherwise) {
        reader.read(head, 0, headLength);
        LogLevel level = reader.level() == LogLevel.UNKNOWN ? otherwise : reader.level();
        if (level.compareTo(rules.lowest) < 0) {
            below.add(level, 1);
        } else if (!patterns.count(level, reader)) {
            patterns.add(level, reader, patterns.hasRoom(level) ? sample(text, textLength) : "");
        }
    }

    private String sample(byte[] text, int length) {
        // Masking makes text shorter at times, and takes long for long text. A character has four bytes at most.
        int looked = Math.min(length, 4 * rules.maxSample + MASKED_BEYOND);
        String whole = new String(text, 0, looked, StandardCharsets.UTF_8);
        String shown = rules.maskSecrets ? SecretMask.mask(whole) : whole;
        int max = rules.maxSample;
        if (shown.length() <= max) {
            return shown;
        }
        // No character is cut in two.
        return shown.substring(0, Character.isHighSurrogate(shown.charAt(max - 1)) ? max - 1 : max);
    }

    /** Takes over what another counted, which is not used any more. */
    public void merge(MessageCounts other) {
        patterns.merge(other.patterns);
        below.addAll(other.below);
    }

    /** Messages of the levels whose patterns are told apart. */
    public PatternTable patterns() {
        return patterns;
    }

    /** Messages of the levels whose patterns are not told apart. */
    public LevelCounts below() {
        return below;
    }
}
