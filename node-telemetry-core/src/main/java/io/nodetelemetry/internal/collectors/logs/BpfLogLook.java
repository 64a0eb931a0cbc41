package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.bpf.OpenLogFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Has the kernel look. */
record BpfLogLook(OpenLogFiles files) implements OpenLogLook {
    @Override
    public List<OpenLogFile> find() throws IOException {
        return files.find();
    }

    @Override
    public Optional<BpfProbe> probe() {
        return Optional.of(files);
    }

    @Override
    public void close() {
        files.close();
    }
}
