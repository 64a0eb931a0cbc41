package io.nodetelemetry.internal.source.netlink;

/** Whether a network interface can pass packets: RFC 2863, Documentation/networking/operstates.rst. */
public enum OperationalState {
    /** Its driver does not say; also what a newer kernel says that we do not know. */
    UNKNOWN,
    NOT_PRESENT,
    DOWN,
    LOWER_LAYER_DOWN,
    TESTING,
    DORMANT,
    UP;

    static OperationalState of(int number) {
        // The order here is that of the kernel's numbers, IF_OPER_UNKNOWN to IF_OPER_UP.
        return number < values().length ? values()[number] : UNKNOWN;
    }
}
