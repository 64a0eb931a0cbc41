package io.nodetelemetry.internal.source.bpf;

import java.io.IOException;
import java.util.List;

/** Tells which files logs are written to; {@link LogFileProbe} but for tests. */
public interface OpenLogFiles extends BpfProbe {
    /**
     * Those that are open now, once for each file descriptor; threads that share theirs may be told of separately.
     *
     * @throws IOException if the kernel fails, or there are more than some ten thousand
     */
    List<OpenLogFile> find() throws IOException;
}
