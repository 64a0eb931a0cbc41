package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** The names and numbers that logging libraries have for levels. */
final class LevelWords {
    private static final int DEBUG = 1;
    private static final int INFO = 2;
    private static final int WARNING = 3;
    private static final int ERROR = 4;
    private static final int CRITICAL = 5;
    private static final WordTable WORDS = new WordTable()
            .with(DEBUG, "debug dbg debg trace trc verbose fine finer finest")
            .with(INFO, "info inf information informational notice note")
            .with(WARNING, "warning warn wrn warnings")
            .with(ERROR, "error err erro errors eror severe")
            .with(CRITICAL, "critical crit fatal ftl emerg emergency alert panic");

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

    /** In a field that is nothing else than the level, a letter is enough. */
    static LogLevel ofField(byte[] text, int start, int end) {
        return end - start == 1 ? ofLetter(text[start]) : of(text, start, end);
    }

    private static LogLevel ofLetter(byte letter) {
        return switch (Ascii.lower(letter)) {
            case 'd', 't' -> LogLevel.DEBUG;
            case 'i' -> LogLevel.INFO;
            case 'w' -> LogLevel.WARNING;
            case 'e' -> LogLevel.ERROR;
            case 'f' -> LogLevel.CRITICAL;
            default -> LogLevel.UNKNOWN;
        };
    }

    /** Bunyan's and Pino's numbers: 10 and 20 debug, 30 info, 40 warning, 50 error, 60 fatal. */
    static LogLevel ofNumber(byte[] text, int start, int end) {
        if (end - start < 2 || text[start + 1] != '0' || (end - start > 2 && Ascii.isWord(text[start + 2]))) {
            return LogLevel.UNKNOWN;
        }
        return switch (text[start]) {
            case '1', '2' -> LogLevel.DEBUG;
            case '3' -> LogLevel.INFO;
            case '4' -> LogLevel.WARNING;
            case '5' -> LogLevel.ERROR;
            case '6' -> LogLevel.CRITICAL;
            default -> LogLevel.UNKNOWN;
        };
    }
}
