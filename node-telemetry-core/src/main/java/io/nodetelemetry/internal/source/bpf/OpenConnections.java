package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfLink;
import io.nodetelemetry.internal.ffm.BpfMap;
import io.nodetelemetry.internal.ffm.BpfObject;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.TcpDestination;
import io.nodetelemetry.model.TcpTraffic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What open connections have carried so far: {@code tcp_open.h}. For one thread. */
final class OpenConnections {
    /** Goes over what tracepoints follow. */
    static final String SUM_OLDER = "sum_older_sockets";

    private static final String SUM_OPEN = "sum_open_sockets";
    private static final String SUM_STORED = "sum_stored_sockets";

    /** Go over what {@code sock_ops} follows. */
    static final List<String> SUM_OWN = List.of(SUM_OPEN, SUM_STORED);

    private final BpfLink sumOlder;
    private final List<BpfLink> sumOwn;
    private final BpfMap openNow;
    private boolean leftOver;

    private OpenConnections(BpfLink sumOlder, List<BpfLink> sumOwn, BpfMap openNow) {
        this.sumOlder = sumOlder;
        this.sumOwn = List.copyOf(sumOwn);
        this.openNow = openNow;
    }

    /** Of a loaded object. */
    static OpenConnections of(BpfObject object, TcpHook hook) throws IOException {
        BpfLink sumOlder = object.program(SUM_OLDER).attachIterator(object.map("sockets_by_address"));
        List<BpfLink> sumOwn = new ArrayList<>();
        if (hook == TcpHook.SOCK_OPS) {
            sumOwn.add(object.program(SUM_OPEN).attachIterator(object.map("sockets")));
            sumOwn.add(object.program(SUM_STORED).attachIterator(object.map("more_sockets")));
        }
        return new OpenConnections(sumOlder, sumOwn, object.map("open_now"));
    }

    /**
     * Sums up.
     *
     * @param withOlder whether tracepoints follow any; going over that map costs more than the others
     */
    void read(
            boolean withOlder, BiConsumer<TcpDestination, TcpTraffic> rows, BiConsumer<CgroupRef, TcpTraffic> overflow)
            throws IOException {
        if (leftOver) {
            // A run before this one failed before all was read.
            openNow.drain((key, value) -> {});
        }
        leftOver = true;
        if (withOlder) {
            sumOlder.runIterator(0);
        }
        for (BpfLink sum : sumOwn) {
            sum.runIterator(0);
        }
        openNow.drain((key, value) -> {
            TcpDestination destination = TcpDecoder.destination(key);
            TcpTraffic traffic = TcpDecoder.open(value);
            if (destination.address().high() == 0 && destination.address().low() == 0) {
                overflow.accept(destination.cgroup(), traffic);
            } else {
                rows.accept(destination, traffic);
            }
        });
        leftOver = false;
    }
}
