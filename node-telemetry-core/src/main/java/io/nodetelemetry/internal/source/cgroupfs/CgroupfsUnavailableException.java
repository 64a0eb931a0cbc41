package io.nodetelemetry.internal.source.cgroupfs;

/** There is no cgroup file system where one was expected. The message says what is missing and what to do about it. */
public final class CgroupfsUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    CgroupfsUnavailableException(String reasonAndRemedy) {
        super(reasonAndRemedy);
    }
}
