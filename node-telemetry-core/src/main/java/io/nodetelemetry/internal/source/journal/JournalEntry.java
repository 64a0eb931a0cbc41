package io.nodetelemetry.internal.source.journal;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * An entry of the journal that has a message. One object shows them all, one after the other. Fields whose names begin
 * with an underscore are journald's own knowledge; the others are the word of the process that wrote the entry.
 */
public final class JournalEntry {
    /** What is given of a message at most; what follows is cut. */
    public static final int MAX_MESSAGE_BYTES = 1 << 16;

    private static final OptionalInt[] PRIORITIES = new OptionalInt[8];

    static {
        for (int i = 0; i < PRIORITIES.length; i++) {
            PRIORITIES[i] = OptionalInt.of(i);
        }
    }

    private final byte[] copy = new byte[MAX_MESSAGE_BYTES];
    private byte[] message = copy;
    private int messageFrom;
    private int messageTo;
    private boolean messageCut;
    private boolean hasMessage;
    private OptionalInt priority = OptionalInt.empty();
    private Optional<String> cgroup = Optional.empty();
    private Optional<String> unit = Optional.empty();
    private Optional<String> userUnit = Optional.empty();
    private Optional<String> identifier = Optional.empty();
    private Optional<String> container = Optional.empty();
    private boolean partial;
    private long streamHash;
    private long processHash;
    private long containerHash;

    JournalEntry() {}

    /** Holds the message between {@link #messageFrom()} and {@link #messageTo()}; any bytes, line feeds among them. */
    public byte[] message() {
        return message;
    }

    public int messageFrom() {
        return messageFrom;
    }

    public int messageTo() {
        return messageTo;
    }

    /** Whether the message was longer than what is here. */
    public boolean messageCut() {
        return messageCut;
    }

    /** {@code PRIORITY}, as syslog(3) counts: 0 for an emergency to 7 for debugging; empty if absent or none of these. */
    public OptionalInt priority() {
        return priority;
    }

    /** {@code _SYSTEMD_CGROUP}: of the process that wrote it, below the root of cgroups. */
    public Optional<String> cgroup() {
        return cgroup;
    }

    /** {@code _SYSTEMD_UNIT}: the system's unit in whose cgroup the process was. */
    public Optional<String> unit() {
        return unit;
    }

    /** {@code _SYSTEMD_USER_UNIT}: the unit of a user's own service manager. */
    public Optional<String> userUnit() {
        return userUnit;
    }

    /** {@code SYSLOG_IDENTIFIER}: what the program calls itself. */
    public Optional<String> identifier() {
        return identifier;
    }

    /** {@code CONTAINER_ID_FULL}: the container whose output docker or podman wrote to the journal. */
    public Optional<String> containerId() {
        return container;
    }

    /** {@code CONTAINER_PARTIAL_MESSAGE}: whether docker split a line, and the rest of it follows. */
    public boolean partial() {
        return partial;
    }

    /** Whether it is a line of a process' output, which may be a part of a message, and not a message by itself. */
    public boolean isLine() {
        return streamHash != 0;
    }

    /**
     * Tells apart who wrote: entries of one stream (else one process, else all the others) of one container have the same
     * number, in every file.
     */
    public long stream() {
        return (streamHash != 0 ? streamHash : processHash) * 31 + containerHash;
    }

    void clear() {
        message = copy;
        messageFrom = 0;
        messageTo = 0;
        messageCut = false;
        hasMessage = false;
        priority = OptionalInt.empty();
        cgroup = Optional.empty();
        unit = Optional.empty();
        userUnit = Optional.empty();
        identifier = Optional.empty();
        container = Optional.empty();
        partial = false;
        streamHash = 0;
        processHash = 0;
        containerHash = 0;
    }

    boolean hasMessage() {
        return hasMessage;
    }

    /** Shows a message where it is; of several the first counts. */
    void message(byte[] bytes, int from, int to, boolean cut) {
        if (!hasMessage) {
            message = bytes;
            messageFrom = from;
            messageTo = to;
            messageCut = cut;
            hasMessage = true;
        }
    }

    /** Shows a copy of a message. */
    void messageCopy(byte[] bytes, int from, int to, boolean cut) {
        if (!hasMessage) {
            System.arraycopy(bytes, from, copy, 0, to - from);
            message(copy, 0, to - from, cut);
        }
    }

    void field(Field field) {
        switch (field.name()) {
            case MESSAGE -> message(field.bytes(), 0, field.bytes().length, field.cut());
            case PRIORITY -> priority = priority(field.text().orElse(""));
            case CGROUP -> cgroup = field.text();
            case UNIT -> unit = field.text();
            case USER_UNIT -> userUnit = field.text();
            case IDENTIFIER -> identifier = field.text();
            case STREAM -> streamHash = field.hash();
            case PROCESS -> processHash = field.hash();
            case CONTAINER -> {
                container = field.text();
                containerHash = field.hash();
            }
            case PARTIAL -> partial = field.text().orElse("").equals("true");
            case OTHER -> {}
        }
    }

    private static OptionalInt priority(String text) {
        int digit = text.length() == 1 ? text.charAt(0) - '0' : PRIORITIES.length;
        return digit >= 0 && digit < PRIORITIES.length ? PRIORITIES[digit] : OptionalInt.empty();
    }
}
