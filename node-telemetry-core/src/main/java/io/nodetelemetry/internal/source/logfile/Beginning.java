package io.nodetelemetry.internal.source.logfile;

/** Where reading of a log begins. Whatever follows a rotation is read from its start in both cases. */
public enum Beginning {
    /** With all that the files hold, rotated ones that are not compressed among them. */
    START,
    /** With what is written from now on; a file that does not exist yet is read from its start. */
    END
}
