package io.nodetelemetry.internal.ffm;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * How control messages lie in their buffer (cmsg(3)), and those that timestamps come in
 * (Documentation/networking/timestamping.rst). All numbers are in native order.
 */
public final class ControlMessage {
    public static final int SOL_SOCKET = Sockets.SOL_SOCKET;
    public static final int SOL_IP = Libc.LIBRARY.constant("SOL_IP", 0);
    public static final int SOL_IPV6 = Libc.LIBRARY.constant("SOL_IPV6", 41);

    /** Of {@link #SOL_SOCKET}: three times, the first of which is the software's. */
    public static final int SCM_TIMESTAMPING = Libc.LIBRARY.constant("SCM_TIMESTAMPING", 37);

    /** Of {@link #SOL_IP}: an extended error. */
    public static final int IP_RECVERR = Libc.LIBRARY.constant("IP_RECVERR", 11);

    /** Of {@link #SOL_IPV6}: an extended error. */
    public static final int IPV6_RECVERR = Libc.LIBRARY.constant("IPV6_RECVERR", 25);

    /** Where an extended error comes from that is none, but says what a timestamp is of. */
    public static final int ORIGIN_TIMESTAMPING = Libc.LIBRARY.constant("SO_EE_ORIGIN_TIMESTAMPING", 4);

    /** The moment at which the device was given the packet. */
    public static final int SENT = Libc.LIBRARY.constant("SCM_TSTAMP_SND", 0);

    /** The moment at which the queueing discipline was given the packet. */
    public static final int SCHEDULED = Libc.LIBRARY.constant("SCM_TSTAMP_SCHED", 1);

    private static final StructLayout HEADER = Libc.LIBRARY.structStart(
            "struct cmsghdr",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("cmsg_len"),
                    ValueLayout.JAVA_INT.withName("cmsg_level"),
                    ValueLayout.JAVA_INT.withName("cmsg_type")));
    private static final StructLayout TIMES = Libc.LIBRARY.structStart(
            "struct timespec",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("tv_sec"), ValueLayout.JAVA_LONG.withName("tv_nsec")));
    private static final StructLayout ERROR = Libc.LIBRARY.structStart(
            "struct sock_extended_err",
            MemoryLayout.structLayout(
                    MemoryLayout.paddingLayout(4),
                    ValueLayout.JAVA_BYTE.withName("ee_origin"),
                    MemoryLayout.paddingLayout(3),
                    ValueLayout.JAVA_INT.withName("ee_info"),
                    ValueLayout.JAVA_INT.withName("ee_data")));

    /** Offset of the message's length, a long, which counts the header and no padding. */
    public static final int LENGTH = offset(HEADER, "cmsg_len");

    /** Offset of the level, an int. */
    public static final int LEVEL = offset(HEADER, "cmsg_level");

    /** Offset of the type, an int. */
    public static final int TYPE = offset(HEADER, "cmsg_type");

    /** Offset of the data. */
    public static final int DATA = (int) HEADER.byteSize();

    /** Each message begins at a multiple of this. */
    public static final int ALIGNMENT = Long.BYTES;

    /** Offset of seconds, a long, in a timespec. */
    public static final int SECONDS = offset(TIMES, "tv_sec");

    /** Offset of nanoseconds, a long, in a timespec. */
    public static final int NANOS = offset(TIMES, "tv_nsec");

    /** Bytes of a timespec. */
    public static final int TIME_BYTES = (int) TIMES.byteSize();

    /** Offset of the origin, a byte, in an extended error. */
    public static final int ERROR_ORIGIN = offset(ERROR, "ee_origin");

    /** Offset of what a timestamp is of, an int, in an extended error. */
    public static final int ERROR_INFO = offset(ERROR, "ee_info");

    /** Bytes of an extended error. */
    public static final int ERROR_BYTES = (int) ERROR.byteSize();

    private ControlMessage() {}

    private static int offset(StructLayout struct, String member) {
        return Math.toIntExact(struct.byteOffset(PathElement.groupElement(member)));
    }
}
