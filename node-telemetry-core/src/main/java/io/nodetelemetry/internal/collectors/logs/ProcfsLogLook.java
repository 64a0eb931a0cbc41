package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.bpf.BpfProbe;
import io.nodetelemetry.internal.source.bpf.OpenLogFile;
import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.procfs.LogDescriptors;
import io.nodetelemetry.internal.source.procfs.ProcCgroup;
import io.nodetelemetry.internal.source.procfs.ProcessIds;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the open files of each process in {@code /proc}: some microseconds per file. Where a file was opened is not told
 * there, so each is said to be opened elsewhere.
 */
final class ProcfsLogLook implements OpenLogLook {
    /** Those of a process beyond this are not looked at. */
    private static final int FILES_PER_PROCESS = 256;
    /** Those of all processes beyond this are not: some seconds. */
    private static final int FILES = 100_000;

    private final Path procRoot;
    private final CgroupTree tree;

    ProcfsLogLook(Path procRoot, CgroupTree tree) {
        this.procRoot = procRoot;
        this.tree = tree;
    }

    @Override
    public List<OpenLogFile> find() throws IOException {
        List<OpenLogFile> found = new ArrayList<>();
        int left = FILES;
        for (int pid : ProcessIds.list(procRoot)) {
            LogDescriptors descriptors = LogDescriptors.of(procRoot, pid, Math.min(FILES_PER_PROCESS, left));
            left -= descriptors.looked();
            if (!descriptors.logs().isEmpty()) {
                cgroup(pid)
                        .ifPresent(cgroup -> descriptors
                                .logs()
                                .forEach(log -> found.add(
                                        new OpenLogFile(cgroup, pid, log.fd(), log.path(), true, log.remote()))));
            }
        }
        return found;
    }

    private Optional<CgroupRef> cgroup(int pid) {
        try {
            return ProcCgroup.read(procRoot, pid)
                    .flatMap(ProcCgroup::identity)
                    .filter(entry -> !entry.deleted())
                    .flatMap(entry -> tree.find(entry.hierarchy(), entry.path()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<BpfProbe> probe() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
