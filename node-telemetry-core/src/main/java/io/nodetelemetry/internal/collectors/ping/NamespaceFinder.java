package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.internal.source.cgroupfs.CgroupTree;
import io.nodetelemetry.internal.source.procfs.NetworkNamespace;
import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the network namespaces of containers by their processes. For one thread. */
final class NamespaceFinder {
    /** A container with its own systemd has hundreds. */
    private static final int MAX_CGROUPS = 64;
    /** Of a container: the first is as good as any unless it ends soon. */
    private static final int MAX_PROCESSES = 4;

    private final CgroupTree tree;
    private final Path procRoot;

    NamespaceFinder(CgroupTree tree, Path procRoot) {
        this.tree = tree;
        this.procRoot = procRoot;
    }

    /**
     * What is to be asked now.
     *
     * @param tasks containers that share a namespace share its tasks
     * @param gone members without a process
     * @param hidden members whose processes' namespaces may not be looked up
     */
    record Found(List<PingTask> tasks, List<PingPlan.Member> gone, List<PingPlan.Member> hidden) {}

    /** Goes through the whole plan. */
    Found find(PingPlan plan) {
        Map<NetworkNamespace, PingTask> tasks = new LinkedHashMap<>();
        List<PingPlan.Member> gone = new ArrayList<>();
        List<PingPlan.Member> hidden = new ArrayList<>();
        for (PingPlan.Member member : plan.members()) {
            Map<NetworkNamespace, Set<Integer>> namespaces = new LinkedHashMap<>();
            boolean alive = false;
            for (int pid : processes(member.cgroups())) {
                NetworkNamespace.of(procRoot, pid)
                        .ifPresent(namespace -> namespaces
                                .computeIfAbsent(namespace, key -> new LinkedHashSet<>())
                                .add(pid));
                alive |= Files.exists(procRoot.resolve(Integer.toString(pid)));
            }
            if (namespaces.isEmpty()) {
                (alive ? hidden : gone).add(member);
                continue;
            }
            // Processes of one container that lie in several namespaces are rare; the first one's counts.
            Map.Entry<NetworkNamespace, Set<Integer>> first =
                    namespaces.entrySet().iterator().next();
            PingTask task = tasks.computeIfAbsent(
                    first.getKey(), key -> new PingTask(key, new ArrayList<>(), new LinkedHashMap<>()));
            task.processes().addAll(first.getValue());
            for (SocketAddress target : member.targets()) {
                task.targets().computeIfAbsent(target, key -> new ArrayList<>()).add(member.id());
            }
        }
        List<PingTask> all =
                tasks.values().stream().flatMap(task -> task.split().stream()).toList();
        return new Found(all, gone, hidden);
    }

    /** A process is in one cgroup of each hierarchy, but for hierarchies that its runtime does not use. */
    private List<Integer> processes(Map<CgroupRef, CgroupPath> cgroups) {
        int asked = 0;
        for (Map.Entry<CgroupRef, CgroupPath> cgroup : cgroups.entrySet()) {
            List<Integer> pids = tree.processes(cgroup.getKey(), cgroup.getValue());
            if (!pids.isEmpty()) {
                return pids.subList(0, Math.min(MAX_PROCESSES, pids.size()));
            }
            if (++asked == MAX_CGROUPS) {
                break;
            }
        }
        return List.of();
    }
}
