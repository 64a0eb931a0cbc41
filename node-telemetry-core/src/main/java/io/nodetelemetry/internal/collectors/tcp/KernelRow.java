package io.nodetelemetry.internal.collectors.tcp;

import io.nodetelemetry.internal.state.Container;
import io.nodetelemetry.model.TcpTotals;
import org.jspecify.annotations.Nullable;

/** A row of the kernel, and whose it was found to be. */
final class KernelRow {
    TcpTotals totals = TcpTotals.NONE;
    long missedCloses;
    /** When it was last read. */
    int round;
    /** The last pass in which it had open connections, such that are being closed included. */
    int openPass;

    @Nullable
    Container container;

    @Nullable
    ConnectionSeries series;

    /** As the kernel counted, less the open connections whose end it did not notice. */
    TcpTotals corrected() {
        return missedCloses == 0 ? totals : totals.withActive(totals.active() - missedCloses);
    }
}
