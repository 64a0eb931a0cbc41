package io.nodetelemetry.internal.log;

/**
 * Takes message and level out of a line that is an object of JSON (RFC 8259). A line that ends too early gives what was
 * found until then. Only the object's own members count, not those inside of others.
 */
final class JsonLine {
    private static final int NONE = -1;

    private final Message message;
    private final JsonText json = new JsonText();
    private byte[] text = {};
    private int secondaryStart;
    private int secondaryEnd;

    JsonLine(Message message) {
        this.message = message;
    }

    /** Does nothing to lines that are something else. */
    void read(byte[] line, int from, int to) {
        text = line;
        json.begin(line, from, to);
        secondaryStart = NONE;
        if (!json.take('{')) {
            return;
        }
        boolean more = true;
        while (more) {
            more = member() && json.take(',');
        }
        if (!message.isFound() && secondaryStart != NONE) {
            message.setEscaped(text, secondaryStart, secondaryEnd);
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
        json.skipBlanks();
        int value = json.at();
        if (json.isString()) {
            boolean closed = json.skipString();
            stringMember(name, nameEnd, value + 1, closed ? json.at() - 1 : json.at());
            return closed;
        }
        boolean whole = json.skipValue();
        if (FieldNames.LEVEL.contains(text, name, nameEnd)) {
            message.setLevel(LevelWords.ofNumber(text, value, json.at()));
        }
        return whole;
    }

    private void stringMember(int name, int nameEnd, int value, int valueEnd) {
        if (FieldNames.LEVEL.contains(text, name, nameEnd)) {
            message.setLevel(LevelWords.ofField(text, value, valueEnd));
        } else if (!message.isFound() && FieldNames.MESSAGE.contains(text, name, nameEnd)) {
            message.setEscaped(text, value, valueEnd);
        } else if (secondaryStart == NONE && FieldNames.SECONDARY.contains(text, name, nameEnd)) {
            secondaryStart = value;
            secondaryEnd = valueEnd;
        }
    }
}
