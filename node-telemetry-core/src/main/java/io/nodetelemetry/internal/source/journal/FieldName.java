package io.nodetelemetry.internal.source.journal;

/** The fields of an entry that we look at (systemd.journal-fields(7)), and those that docker and podman add. */
enum FieldName {
    MESSAGE("MESSAGE"),
    PRIORITY("PRIORITY"),
    CGROUP("_SYSTEMD_CGROUP"),
    UNIT("_SYSTEMD_UNIT"),
    USER_UNIT("_SYSTEMD_USER_UNIT"),
    IDENTIFIER("SYSLOG_IDENTIFIER"),
    STREAM("_STREAM_ID"),
    PROCESS("_PID"),
    CONTAINER("CONTAINER_ID_FULL"),
    PARTIAL("CONTAINER_PARTIAL_MESSAGE"),
    /** Any other. */
    OTHER("");

    /** No name is longer than that. */
    static final int MAX_BYTES = 64;

    private static final FieldName[] ALL = values();

    private final String name;

    FieldName(String name) {
        this.name = name;
    }

    /** The field whose name and equals sign begin there. */
    static FieldName of(byte[] bytes, int from, int to) {
        for (FieldName field : ALL) {
            int length = field.name.length();
            if (length > 0 && length < to - from && bytes[from + length] == '=' && field.isAt(bytes, from)) {
                return field;
            }
        }
        return OTHER;
    }

    private boolean isAt(byte[] bytes, int from) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** How many bytes the name and the equals sign take. */
    int prefixBytes() {
        return name.length() + 1;
    }
}
