package io.nodetelemetry.internal.source.bpf;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What every loaded object tells of itself; for our own metrics. */
public interface BpfProbe extends AutoCloseable {
    /** Short name of the object, the {@code source} label of its drops. */
    String name();

    /** The programs that are attached. */
    List<Program> programs() throws IOException;

    /** How full its maps are, as of the last read; maps that are not read as a whole are left out. */
    List<Fill> fills();

    /** What it could not keep, by reason; zeros included. */
    Map<String, Long> drops() throws IOException;

    @Override
    void close();

    /**
     * An attached program.
     *
     * @param hook what calls it: {@code sock_ops}, {@code tp_btf}, {@code tracepoint}, {@code raw_tp} or
     *     {@code iter}
     * @param recursionMisses runs that the kernel skipped because the program ran already on that CPU; empty before
     *     Linux 5.12, which does not count them
     */
    record Program(String name, String hook, OptionalLong recursionMisses) {}

    /** Entries and room of a map. */
    record Fill(String map, long entries, long capacity) {}
}
