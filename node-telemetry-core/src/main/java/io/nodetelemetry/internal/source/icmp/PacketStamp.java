package io.nodetelemetry.internal.source.icmp;

import io.nodetelemetry.internal.ffm.ControlMessage;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * What the kernel's control messages say of a packet (Documentation/networking/timestamping.rst).
 *
 * @param moment what the time is of
 * @param unixNanos nanoseconds since 1970 by {@code CLOCK_REALTIME}, greater than zero; empty for a packet that passed
 *     before timestamps were switched on
 */
record PacketStamp(Moment moment, OptionalLong unixNanos) {
    /** A moment in the life of a packet. */
    enum Moment {
        /** The device handed it over. */
        RECEIVED,
        /** The queueing discipline was given it. */
        SCHEDULED,
        /** The device was given it. */
        SENT,
        /** Something we did not ask for. */
        OTHER
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /**
     * Reads as many whole messages as there are; never fails.
     *
     * @param control the rest of the buffer, in native order
     */
    static PacketStamp parse(ByteBuffer control) {
        ByteBuffer bytes = control.slice().order(control.order());
        Moment moment = Moment.RECEIVED;
        OptionalLong unixNanos = OptionalLong.empty();
        int start = 0;
        while (bytes.remaining() - start >= ControlMessage.DATA) {
            long length = bytes.getLong(start + ControlMessage.LENGTH);
            if (length < ControlMessage.DATA || length > bytes.remaining() - start) {
                break;
            }
            int level = bytes.getInt(start + ControlMessage.LEVEL);
            int type = bytes.getInt(start + ControlMessage.TYPE);
            ByteBuffer data = bytes.slice(start + ControlMessage.DATA, (int) length - ControlMessage.DATA)
                    .order(bytes.order());
            if (level == ControlMessage.SOL_SOCKET && type == ControlMessage.SCM_TIMESTAMPING) {
                unixNanos = softwareTime(data);
            } else if (isExtendedError(level, type)) {
                moment = transmitted(data);
            }
            long next = start
                    + (length + ControlMessage.ALIGNMENT - 1) / ControlMessage.ALIGNMENT * ControlMessage.ALIGNMENT;
            if (next > bytes.remaining()) {
                break;
            }
            start = (int) next;
        }
        return new PacketStamp(moment, unixNanos);
    }

    private static boolean isExtendedError(int level, int type) {
        return (level == ControlMessage.SOL_IP && type == ControlMessage.IP_RECVERR)
                || (level == ControlMessage.SOL_IPV6 && type == ControlMessage.IPV6_RECVERR);
    }

    private static OptionalLong softwareTime(ByteBuffer data) {
        if (data.remaining() < ControlMessage.TIME_BYTES) {
            return OptionalLong.empty();
        }
        long seconds = data.getLong(ControlMessage.SECONDS);
        long nanos = data.getLong(ControlMessage.NANOS);
        boolean isTime = seconds >= 0
                && seconds < Long.MAX_VALUE / NANOS_PER_SECOND
                && nanos >= 0
                && nanos < NANOS_PER_SECOND
                && seconds + nanos > 0;
        return isTime ? OptionalLong.of(seconds * NANOS_PER_SECOND + nanos) : OptionalLong.empty();
    }

    private static Moment transmitted(ByteBuffer data) {
        if (data.remaining() < ControlMessage.ERROR_BYTES
                || data.get(ControlMessage.ERROR_ORIGIN) != ControlMessage.ORIGIN_TIMESTAMPING) {
            return Moment.OTHER;
        }
        int of = data.getInt(ControlMessage.ERROR_INFO);
        if (of == ControlMessage.SENT) {
            return Moment.SENT;
        }
        return of == ControlMessage.SCHEDULED ? Moment.SCHEDULED : Moment.OTHER;
    }
}
