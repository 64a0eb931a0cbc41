package io.nodetelemetry.internal.source.procfs;

import java.util.Optional;

/**
 * {@code /proc/<pid>/fdinfo/<fd>}: how a file is open (proc_pid_fdinfo(5)).
 *
 * <pre>
 * pos:    0
 * flags:  0100002
 * mnt_id: 27
 * </pre>
 *
 * @param flags as given to open(2)
 * @param mountId first column of {@code mountinfo}
 */
record FdInfo(int flags, int mountId) {
    private static final int O_ACCMODE = 3;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_APPEND = 02000;

    /** Empty unless both fields are there; other fields differ by kind of file and are passed over. */
    static Optional<FdInfo> parse(String file) {
        int flags = -1;
        int mountId = -1;
        for (String line : file.substring(0, file.lastIndexOf('\n') + 1).split("\n", -1)) {
            if (line.startsWith("flags:")) {
                flags = number(line, 8);
            } else if (line.startsWith("mnt_id:")) {
                mountId = number(line, 10);
            }
        }
        return flags < 0 || mountId < 0 ? Optional.empty() : Optional.of(new FdInfo(flags, mountId));
    }

    private static int number(String line, int radix) {
        String digits = line.substring(line.indexOf(':') + 1).strip();
        try {
            return Integer.parseInt(digits, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Whether it can be written to. */
    boolean isWritable() {
        return (flags & O_ACCMODE) != 0;
    }

    /** Whether it can be written to and not read, or else is appended to: databases are neither. */
    boolean isForLogging() {
        return (flags & O_ACCMODE) == O_WRONLY || (flags & (O_ACCMODE | O_APPEND)) == (O_RDWR | O_APPEND);
    }
}
