package io.nodetelemetry.internal.log;

import static io.nodetelemetry.internal.log.LineShape.ascii;
import static io.nodetelemetry.internal.log.LineShape.startsWith;

import io.nodetelemetry.model.LogLevel;

/** Finds the level in the beginning of a line of text, where logging libraries write it. */
final class TextLevel {
    private static final int MAX_BYTES = 255;
    private static final int MAX_FIELDS = 7;
    /** Redis writes its mark as the fifth field, or the sixth where the date has a year. */
    private static final int REDIS_FIELD = 5;

    /** Of an access log. What it says is about one request, be it a path with "error" in it. */
    private static final WordSet METHODS = new WordSet("get head post put patch delete options connect trace");
    /** PostgreSQL's name for what others call info, and what it adds to the message before; two blanks follow. */
    private static final WordSet POSTGRES = new WordSet("log: detail: hint: statement: context: query: location:");
    /** MySQL's, before the code of the message. */
    private static final byte[] MYSQL_SYSTEM = ascii("[System] [MY-");
    /** .NET's name for an error. */
    private static final byte[] DOTNET_FAIL = ascii("fail:");

    private static final WordSet DENYING = new WordSet("no 0 zero without");

    private TextLevel() {}

    static LogLevel of(byte[] line, int from, int to) {
        LogLevel header = from < to && line[from] == '<' ? priority(line, from, to) : GlogHeader.level(line, from, to);
        if (header != LogLevel.UNKNOWN) {
            return header;
        }
        int end = Math.min(to, from + MAX_BYTES);
        int at = from;
        int firstEnd = from;
        for (int field = 1; field <= MAX_FIELDS; field++) {
            while (at < end && Ascii.isBlank(line[at])) {
                at++;
            }
            int start = at;
            int seen = 0;
            while (at < end) {
                int bits = Ascii.bits(line[at]);
                if ((bits & Ascii.BLANK) != 0) {
                    break;
                }
                seen |= bits;
                at++;
            }
            if (start == at) {
                break;
            }
            if (field == 1) {
                firstEnd = at;
            }
            if (line[start] == '"' && METHODS.contains(line, start + 1, at)) {
                break;
            }
            LogLevel level = LogLevel.UNKNOWN;
            if ((seen & Ascii.LETTER) != 0) {
                level = inField(line, from, start, at, to, (seen & Ascii.BORDER) != 0);
                if (level == LogLevel.UNKNOWN) {
                    level = special(line, from, start, at, to);
                }
            }
            if (level == LogLevel.UNKNOWN
                    && (field == REDIS_FIELD || field == REDIS_FIELD + 1)
                    && at - start == 1
                    && isRedis(line, from, firstEnd)) {
                level = redis(line[start]);
            }
            if (level != LogLevel.UNKNOWN) {
                return level;
            }
        }
        return LogLevel.UNKNOWN;
    }

    /** The words of a field, as in {@code [main]:WARN|} and {@code level=warn}. */
    private static LogLevel inField(byte[] line, int from, int start, int end, int lineEnd, boolean hasBorder) {
        int word = start;
        for (int i = hasBorder ? start : end; i <= end; i++) {
            if (i == end || (Ascii.bits(line[i]) & Ascii.BORDER) != 0) {
                LogLevel level = i > word ? LevelWords.of(line, word, i) : LogLevel.UNKNOWN;
                if (level != LogLevel.UNKNOWN && !isDenied(line, from, word, i, lineEnd)) {
                    return level;
                }
                word = i + 1;
            }
        }
        return LogLevel.UNKNOWN;
    }

    /** Whether the word is part of a path, or it is said that there is none: {@code no errors}, {@code errors=0}. */
    private static boolean isDenied(byte[] line, int from, int start, int end, int lineEnd) {
        byte before = start > from ? line[start - 1] : 0;
        byte behind = end < lineEnd ? line[end] : 0;
        if (before == '/' || (behind == '/' && !Ascii.isUpper(line[start]))) {
            return true;
        }
        if (behind == '=') {
            int valueEnd = end + 1;
            while (valueEnd < lineEnd && !Ascii.isBlank(line[valueEnd]) && line[valueEnd] != ',') {
                valueEnd++;
            }
            return Nothing.is(line, end + 1, valueEnd);
        }
        return before == ' ' && Ascii.lower(line[start]) == line[start] && isNo(line, from, start - 1);
    }

    private static boolean isNo(byte[] line, int from, int end) {
        int start = end;
        while (start > from && end - start < 8 && Ascii.isWord(line[start - 1])) {
            start--;
        }
        return DENYING.contains(line, start, end);
    }

    private static LogLevel special(byte[] line, int from, int start, int end, int lineEnd) {
        byte first = line[start];
        if (Ascii.isUpper(first)) {
            if (end - start == 1 || (end - start == 2 && line[start + 1] == '!')) {
                return isBehindTime(line, from, start) ? LevelWords.ofLetter(first) : LogLevel.UNKNOWN;
            }
            boolean isPostgres = line[end - 1] == ':'
                    && end + 1 < lineEnd
                    && line[end] == ' '
                    && line[end + 1] == ' '
                    && Ascii.isUpper(line[end - 2])
                    && POSTGRES.contains(line, start, end);
            return isPostgres ? LogLevel.INFO : LogLevel.UNKNOWN;
        }
        if (first == '[') {
            return startsWith(line, start, lineEnd, MYSQL_SYSTEM) ? LogLevel.INFO : LogLevel.UNKNOWN;
        }
        boolean isFail =
                start == from && end - start == DOTNET_FAIL.length && startsWith(line, start, end, DOTNET_FAIL);
        return isFail ? LogLevel.ERROR : LogLevel.UNKNOWN;
    }

    /** Whether there is nothing but date, time and numbers before a letter that may be a level. */
    private static boolean isBehindTime(byte[] line, int from, int to) {
        boolean isTime = false;
        for (int i = from; i < to; i++) {
            byte b = line[i];
            boolean begins = i == from || Ascii.isBlank(line[i - 1]);
            if (begins && !Ascii.isBlank(b) && !Ascii.isDigit(b) && b != '[') {
                return false;
            }
            isTime |= b == ':' && i > from && Ascii.isDigit(line[i - 1]);
        }
        return isTime;
    }

    /** Syslog's number in front, as in {@code <34>}; the kernel's, and what systemd takes from a service. */
    private static LogLevel priority(byte[] line, int from, int to) {
        int at = from + 1;
        while (at < to && Ascii.isDigit(line[at])) {
            at++;
        }
        return at < to && line[at] == '>' ? SyslogLevel.of(LevelNumbers.number(line, from + 1, at)) : LogLevel.UNKNOWN;
    }

    /** Whether the line begins with {@code pid:role}, the role a letter. */
    private static boolean isRedis(byte[] line, int start, int end) {
        return end - start > 2 && Ascii.isDigit(line[start]) && line[end - 2] == ':' && Ascii.isUpper(line[end - 1]);
    }

    private static LogLevel redis(byte mark) {
        return switch (mark) {
            case '.' -> LogLevel.DEBUG;
            case '-', '*' -> LogLevel.INFO;
            case '#' -> LogLevel.WARNING;
            default -> LogLevel.UNKNOWN;
        };
    }
}
