package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfLink;
import io.nodetelemetry.internal.ffm.BpfObject;
import io.nodetelemetry.internal.ffm.Libbpf;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files that processes have open to write logs to, found by a look at all open files: {@code logfiles.bpf.c}. Linux
 * 5.8 with BTF.
 *
 * <p>One look at a time; the rest is safe for threads to share. Nothing runs in the kernel between two looks.
 */
public final class LogFileProbe implements OpenLogFiles {
    private static final String PROGRAM = "find_open_logs";

    private final BpfObject object;
    private final BpfLink iterator;
    private final AtomicLong leftOut = new AtomicLong();

    private LogFileProbe(BpfObject object) throws IOException {
        this.object = object;
        iterator = object.program(PROGRAM).attachIterator();
    }

    /**
     * Loads the iterator.
     *
     * @throws IOException if the kernel refuses; everything is released then
     */
    public static LogFileProbe open(Libbpf libbpf) throws IOException {
        BpfObject object = libbpf.open("logfiles", BpfResources.read("logfiles"));
        try {
            object.load();
            return new LogFileProbe(object);
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    @Override
    public List<OpenLogFile> find() throws IOException {
        OpenLogRecords records = new OpenLogRecords();
        iterator.runIterator(records);
        leftOut.addAndGet(records.leftOut());
        return records.logs();
    }

    @Override
    public String name() {
        return "logfiles";
    }

    @Override
    public List<Program> programs() throws IOException {
        return List.of(
                new Program(PROGRAM, "iter", object.program(PROGRAM).info().recursionMisses()));
    }

    @Override
    public List<Fill> fills() {
        return List.of();
    }

    @Override
    public Map<String, Long> drops() {
        return Map.of("open_file", leftOut.get());
    }

    @Override
    public void close() {
        object.close();
    }
}
