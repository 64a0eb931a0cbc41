package io.nodetelemetry.internal.source.bpf;

import java.util.Locale;

/** {@code enum drop_reason} of {@code drops.h}. */
enum DropReason {
    DESTINATION_OVERFLOW(0),
    CGROUP_OVERFLOW(1),
    SOCKET(2),
    LISTENER(3),
    EVENT(4),
    OOM_VICTIM(5),
    MOUNT(6),
    DELAY_ROW(7),
    DELAY_JUMP(8),
    DESTINATION_LIMIT(9),
    TRANSLATION(10),
    OPEN_CONNECTION(11);

    private final int index;

    DropReason(int index) {
        this.index = index;
    }

    /** Its place in the kernel's array. */
    int index() {
        return index;
    }

    /** The {@code reason} label. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
