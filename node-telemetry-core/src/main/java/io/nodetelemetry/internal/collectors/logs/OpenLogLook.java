package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A way to find the files that logs are written to. For one thread, but {@link #probe}. */
interface OpenLogLook extends AutoCloseable {
    /** Those that are open now, some of them twice maybe. */
    List<OpenLogFile> find() throws IOException;

    /** What is loaded into the kernel for it. */
    Optional<BpfProbe> probe();

    @Override
    void close();
}
