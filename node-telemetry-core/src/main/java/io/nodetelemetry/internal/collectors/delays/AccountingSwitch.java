package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.AgentMetrics;
import io.nodetelemetry.internal.source.procfs.DelayAccounting;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees whether the kernel accounts I/O delays, says so when it does not, and switches that on if it is told to. */
final class AccountingSwitch {
    private static final Logger LOG = LoggerFactory.getLogger(AccountingSwitch.class);

    private final boolean enable;
    private boolean told;
    private Path procRoot = Path.of("/proc");

    /** @param enable whether it is switched on if it is off */
    AccountingSwitch(boolean enable) {
        this.enable = enable;
    }

    /** Looks, and speaks the first time only: a collector that cannot start is started again and again. */
    void start(Path proc) {
        procRoot = proc;
        if (told || DelayAccounting.read(proc) != DelayAccounting.OFF) {
            return;
        }
        told = true;
        if (enable) {
            switchOn();
        } else {
            LOG.warn(
                    "Disk delays of containers stay 0: the kernel does not account them, as kernel.task_delayacct is 0;"
                            + " sysctl -w kernel.task_delayacct=1, boot with delayacct, or set resources.enableDelayAccounting"
                            + " (--enable-delay-accounting)");
        }
    }

    private void switchOn() {
        try {
            DelayAccounting.enable(procRoot);
            LOG.info("kernel.task_delayacct was 0 and is now 1, as was asked for; it stays so after the agent's end."
                    + " Processes that run already are not accounted until they are started again");
        } catch (IOException e) {
            LOG.warn(
                    "Disk delays of containers stay 0: kernel.task_delayacct could not be switched on ({});"
                            + " run as root with a writable /proc/sys, or sysctl -w kernel.task_delayacct=1 on the host",
                    e.toString());
        }
    }

    /** Whether it is on now; empty where the kernel has no such switch. */
    MetricTable table() {
        MetricTable.Builder table = MetricTable.builder(AgentMetrics.DELAY_ACCOUNTING_ENABLED);
        switch (DelayAccounting.read(procRoot)) {
            case ON -> table.row(Labels.NONE).set(0, 1L);
            case OFF -> table.row(Labels.NONE).set(0, 0L);
            case NO_SWITCH -> {}
        }
        return table.build();
    }
}
