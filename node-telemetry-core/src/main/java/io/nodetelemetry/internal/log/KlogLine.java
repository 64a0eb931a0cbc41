package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.ascii;
import static io.nodetelemetry.internal.log.LineShape.startsWith;

import io.nodetelemetry.model.LogLevel;

/**
 * Takes message and level out of a line of Kubernetes' klog, and of glog, where it begins with a quoted message with pairs
 * behind it: {@code E0131 10:00:00.000001 1 a.go:5] "No room" err="disk full"}. The quotes are part of the format there
 * and nothing that was inserted.
 */
final class KlogLine {
    private static final int MAX_HEADER = 200;
    private static final byte[] HEADER_END = ascii("] \"");

    private final Message message;

    KlogLine(Message message) {
        this.message = message;
    }

    void read(byte[] line, int from, int to) {
        int at = from;
        LogLevel level = GlogHeader.level(line, from, to);
        if (level != LogLevel.UNKNOWN) {
            int last = Math.min(to, from + MAX_HEADER);
            while (at < last && !startsWith(line, at, to, HEADER_END)) {
                at++;
            }
            at += HEADER_END.length - 1;
        }
        if (at >= to || line[at] != '"') {
            return;
        }
        int close = closing(line, at + 1, to);
        if (close < to && (level != LogLevel.UNKNOWN || isPair(line, close + 1, to))) {
            message.setEscaped(line, at + 1, close);
            message.setLevel(level);
        }
    }

    private static int closing(byte[] line, int from, int to) {
        int at = from;
        while (at < to) {
            at = ByteSearch.either(line, at, to, '"', '\\');
            if (at == to || line[at] == '"') {
                return at;
            }
            at += 2;
        }
        return to;
    }

    private static boolean isPair(byte[] line, int from, int to) {
        int at = from + 1;
        while (at < to && (Ascii.isWord(line[at]) || line[at] == '_' || line[at] == '.' || line[at] == '-')) {
            at++;
        }
        return at > from + 1 && at < to && line[from] == ' ' && line[at] == '=';
    }
}
