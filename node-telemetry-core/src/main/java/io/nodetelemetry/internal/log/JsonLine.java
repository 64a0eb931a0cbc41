package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/**
 * Takes message and level out of a line that is an object of JSON (RFC 8259). A line that ends too early gives what was
 * found until then. Only the object's own members count, and those of a few objects inside of it. Of several levels the
 * first one that is known counts.
 */
final class JsonLine {
    private static final int NONE = -1;

    private final Message message;
    private final JsonText json = new JsonText();
    private byte[] text = {};
    private boolean isObject;
    private boolean nested;
    private int secondaryStart;
    private int secondaryEnd;
    private int causeStart;
    private int causeEnd;

    JsonLine(Message message) {
        this.message = message;
    }

    /**
     * Takes what it finds.
     *
     * @return whether the line is an object, or the beginning of one
     */
    boolean read(byte[] line, int from, int to) {
        text = line;
        json.begin(line, from, to);
        if (!json.take('{')) {
            return false;
        }
        secondaryStart = NONE;
        causeStart = NONE;
        nested = false;
        isObject = false;
        members();
        if (causeStart != NONE && message.level() == LogLevel.UNKNOWN) {
            message.setLevel(LogLevel.ERROR);
        }
        if (!message.isFound() && secondaryStart != NONE) {
            message.setEscaped(text, secondaryStart, secondaryEnd);
        } else if (!message.isFound() && causeStart != NONE) {
            message.setEscaped(text, causeStart, causeEnd);
        }
        return isObject;
    }

    private void members() {
        boolean more = true;
        while (more) {
            more = member() && json.take(',');
        }
    }

    private boolean member() {
        json.skipBlanks();
        int name = json.at() + 1;
        if (!json.skipString()) {
            return false;
        }
        int nameEnd = json.at() - 1;
        if (!json.take(':')) {
            return false;
        }
        isObject = true;
        json.skipBlanks();
        int value = json.at();
        if (json.isString()) {
            boolean closed = json.skipString();
            stringMember(name, nameEnd, value + 1, closed ? json.at() - 1 : json.at());
            return closed;
        }
        if (!nested && FieldNames.NESTING.contains(text, name, nameEnd) && json.take('{')) {
            nested = true;
            members();
            nested = false;
            return json.take('}');
        }
        boolean whole = json.skipValue();
        if (FieldNames.LEVEL.contains(text, name, nameEnd)) {
            setLevel(LevelNumbers.of(text, value, json.at()));
        } else if (FieldNames.SEVERITY_NUMBER.contains(text, name, nameEnd)) {
            setLevel(LevelNumbers.ofSeverity(text, value, json.at()));
        }
        return whole;
    }

    private void stringMember(int name, int nameEnd, int value, int valueEnd) {
        if (FieldNames.LEVEL.contains(text, name, nameEnd)) {
            setLevel(LevelWords.ofField(text, value, valueEnd));
        } else if (FieldNames.MESSAGE.contains(text, name, nameEnd)) {
            setMessage(value, valueEnd);
        } else if (nested) {
            return;
        } else if (FieldNames.SECONDARY.contains(text, name, nameEnd)) {
            setSecondary(value, valueEnd);
        } else if (FieldNames.CAUSE.contains(text, name, nameEnd)) {
            if (causeStart == NONE && !Nothing.is(text, value, valueEnd)) {
                causeStart = value;
                causeEnd = valueEnd;
            }
        } else if (FieldNames.LETTER.contains(text, name, nameEnd) && valueEnd > value && valueEnd - value <= 2) {
            setLevel(LevelWords.ofLetter(text[value]));
        }
    }

    private void setLevel(LogLevel level) {
        if (message.level() == LogLevel.UNKNOWN) {
            message.setLevel(level);
        }
    }

    private void setMessage(int from, int to) {
        if (nested) {
            setSecondary(from, to);
        } else if (!message.isFound()) {
            message.setEscaped(text, from, to);
        }
    }

    private void setSecondary(int from, int to) {
        if (secondaryStart == NONE) {
            secondaryStart = from;
            secondaryEnd = to;
        }
    }
}
