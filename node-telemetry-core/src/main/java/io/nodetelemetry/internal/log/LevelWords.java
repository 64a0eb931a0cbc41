package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.LogLevel;

/** The names and numbers that logging libraries have for levels. */
final class LevelWords {
    private static final WordSet DEBUG = new WordSet("debug dbg debg trace trc verbose fine finer finest");
    private static final WordSet INFO = new WordSet("info inf information informational notice note");
    private static final WordSet WARNING = new WordSet("warning warn wrn warnings");
    private static final WordSet ERROR = new WordSet("error err erro errors eror severe");
    private static final WordSet CRITICAL = new WordSet("critical crit fatal ftl emerg emergency alert panic");

    private LevelWords() {}

    static LogLevel of(byte[] text, int start, int end) {
        if (DEBUG.contains(text, start, end)) {
            return LogLevel.DEBUG;
        }
        if (INFO.contains(text, start, end)) {
            return LogLevel.INFO;
        }
        if (WARNING.contains(text, start, end)) {
            return LogLevel.WARNING;
        }
        if (ERROR.contains(text, start, end)) {
            return LogLevel.ERROR;
        }
        return CRITICAL.contains(text, start, end) ? LogLevel.CRITICAL : LogLevel.UNKNOWN;
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
