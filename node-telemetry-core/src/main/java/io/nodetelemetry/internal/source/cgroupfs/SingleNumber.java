package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.internal.source.KernelText;
import java.util.OptionalLong;

/** Files with one number in them, such as {@code cpuacct.usage}: CPU time of all tasks in and below, in nanoseconds. */
final class SingleNumber {
    private SingleNumber() {}

    /** Empty if the first line is anything else. */
    static OptionalLong parse(KernelText text) {
        if (!text.nextLine()) {
            return OptionalLong.empty();
        }
        OptionalLong number = text.nextNumber();
        return text.nextWord() ? OptionalLong.empty() : number;
    }
}
