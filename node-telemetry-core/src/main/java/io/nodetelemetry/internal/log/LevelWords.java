package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** The names that logging libraries have for levels. */
final class LevelWords {
    private static final int DEBUG = 1;
    private static final int INFO = 2;
    private static final int WARNING = 3;
    private static final int ERROR = 4;
    private static final int CRITICAL = 5;
    private static final WordTable WORDS = new WordTable()
            .with(DEBUG, "debug dbg debg debu dbug trace trc trac trce verbose vrb fine finer finest")
            .with(INFO, "info inf information informational notice note")
            .with(WARNING, "warning warn wrn warnings")
            .with(ERROR, "error err erro errors eror severe")
            .with(CRITICAL, "critical crit fatal fata ftl emerg emergency alert panic pani pnc dpanic");

    private LevelWords() {}

    static LogLevel of(byte[] text, int start, int end) {
        return switch (WORDS.get(text, start, end)) {
            case DEBUG -> LogLevel.DEBUG;
            case INFO -> LogLevel.INFO;
            case WARNING -> LogLevel.WARNING;
            case ERROR -> LogLevel.ERROR;
            case CRITICAL -> LogLevel.CRITICAL;
            default -> LogLevel.UNKNOWN;
        };
    }

    /** In a field that is nothing else than the level, a letter is enough, or a number, and slog writes {@code INFO+2}. */
    static LogLevel ofField(byte[] text, int start, int end) {
        int last = end;
        while (last > start && Ascii.isBlank(text[last - 1])) {
            last--;
        }
        if (last - start == 1 && !Ascii.isDigit(text[start])) {
            return ofLetter(text[start]);
        }
        if (last > start && Ascii.isDigit(text[start])) {
            return LevelNumbers.of(text, start, last);
        }
        if (last - start > 2 && Ascii.isDigit(text[last - 1]) && (text[last - 2] == '+' || text[last - 2] == '-')) {
            last -= 2;
        }
        return of(text, start, last);
    }

    static LogLevel ofLetter(byte letter) {
        return switch (Ascii.lower(letter)) {
            case 'd', 't', 'v' -> LogLevel.DEBUG;
            case 'i', 'n' -> LogLevel.INFO;
            case 'w' -> LogLevel.WARNING;
            case 'e' -> LogLevel.ERROR;
            case 'f', 'c' -> LogLevel.CRITICAL;
            default -> LogLevel.UNKNOWN;
        };
    }
}
