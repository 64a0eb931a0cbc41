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

    private final List<BpfLink> sums;
    private final BpfMap openNow;

    private OpenConnections(List<BpfLink> sums, BpfMap openNow) {
        this.sums = List.copyOf(sums);
        this.openNow = openNow;
    }

    /** Of a loaded object. */
    static OpenConnections of(BpfObject object, TcpHook hook) throws IOException {
        List<BpfLink> sums = new ArrayList<>();
        sums.add(object.program(SUM_OLDER).attachIterator(object.map("sockets_by_address")));
        if (hook == TcpHook.SOCK_OPS) {
            sums.add(object.program(SUM_OPEN).attachIterator(object.map("sockets")));
            sums.add(object.program(SUM_STORED).attachIterator(object.map("more_sockets")));
        }
        return new OpenConnections(sums, object.map("open_now"));
    }

    void read(BiConsumer<TcpDestination, TcpTraffic> rows, BiConsumer<CgroupRef, TcpTraffic> overflow)
            throws IOException {
        // What a run left that failed before it was read.
        openNow.drain((key, value) -> {});
        for (BpfLink sum : sums) {
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
    }
}
