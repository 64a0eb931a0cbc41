package io.nodetelemetry.internal.source.icmp;

import io.nodetelemetry.internal.ffm.Fd;
import io.nodetelemetry.internal.ffm.IcmpSocket;
import java.io.IOException;
import java.time.Duration;

/**
 * Keeps the kernel stamping packets as they arrive, so that replies bear a time from the first one on. Costs each packet of
 * the machine the reading of a clock; daemons that set the clock have it on all the time.
 */
public final class KernelTimestamps implements AutoCloseable {
    /** The kernel changes its code for that, in the background. */
    public static final Duration SETTLED = Duration.ofMillis(20);

    private final Fd socket;

    private KernelTimestamps(Fd socket) {
        this.socket = socket;
    }

    /** Switches them on, which is done within {@link #SETTLED} as a rule. */
    public static KernelTimestamps on() throws IOException {
        return new KernelTimestamps(IcmpSocket.keepReceiveTimestamps());
    }

    @Override
    public void close() {
        socket.close();
    }
}
