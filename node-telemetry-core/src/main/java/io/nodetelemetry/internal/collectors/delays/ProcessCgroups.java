package io.nodetelemetry.internal.collectors.delays;

import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.procfs.ProcCgroup;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which cgroup a process is in, by procfs. Not safe for threads to share. */
final class ProcessCgroups {
    private static final int REMEMBERED = 4_096;

    private final Path procRoot;
    private final CgroupTree tree;
    /** What was found last under a path: a cgroup may be gone while a process of it is still a zombie. */
    private final Map<ProcCgroup.Entry, CgroupRef> known = new LinkedHashMap<>(16, 0.75f, true);

    ProcessCgroups(Path procRoot, CgroupTree tree) {
        this.procRoot = procRoot;
        this.tree = tree;
    }

    /** Empty if the process or its cgroup is gone, or it may not be looked at. */
    Optional<CgroupRef> of(int pid) {
        Optional<ProcCgroup.Entry> entry;
        try {
            entry = ProcCgroup.read(procRoot, pid).flatMap(ProcCgroup::identity);
        } catch (IOException e) {
            return Optional.empty();
        }
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        ProcCgroup.Entry live = new ProcCgroup.Entry(
                entry.get().hierarchy(), entry.get().controllers(), entry.get().path(), false);
        if (entry.get().deleted()) {
            return Optional.ofNullable(known.get(live));
        }
        Optional<CgroupRef> found = tree.find(live.hierarchy(), live.path());
        found.ifPresent(ref -> {
            known.put(live, ref);
            if (known.size() > REMEMBERED) {
                known.remove(known.keySet().iterator().next());
            }
        });
        return found;
    }
}
