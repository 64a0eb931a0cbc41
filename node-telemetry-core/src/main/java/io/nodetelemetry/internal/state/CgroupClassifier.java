package io.nodetelemetry.internal.state;

import static io.nodetelemetry.internal.state.Classification.Unreported.ROOT;
import static io.nodetelemetry.internal.state.Classification.Unreported.STANDALONE;
import static io.nodetelemetry.internal.state.Classification.contained;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.ContainerRuntime;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a cgroup's path what it belongs to. The same names are used on cgroup v1, hybrid and v2; they are chosen by
 * the runtimes, and systemd's escaping (systemd.unit(5)) shows in them.
 *
 * <p>The path is read from the outside in and the first component that names a container decides, so what runs deeper
 * inside (systemd in a container, docker in docker) belongs to the outer container. Kubernetes is the exception: the
 * pods of a node that is itself a container (kind) are reported as pods, hence {@code kubepods} is looked for first.
 */
public final class CgroupClassifier {
    private static final Pattern HEX64 = Pattern.compile("[0-9a-f]{64}");

    /** One component that names its container whatever stands before it. */
    private static final List<Rule> ANYWHERE = List.of(
            // The monitor process of each container, in a scope of its own beside the container's.
            new Rule("crio-conmon-.*", null),
            new Rule("libpod-conmon-.*", null),
            new Rule("lxc\\.monitor\\..*", null),
            new Rule("docker-([0-9a-f]{64})\\.scope", ContainerRuntime.DOCKER),
            new Rule("cri-containerd-([0-9a-f]{64})(?:\\.scope)?", ContainerRuntime.CONTAINERD),
            // containerd given a systemd-style name while its runc manages cgroups itself.
            new Rule(".*:cri-containerd:([0-9a-f]{64})", ContainerRuntime.CONTAINERD),
            // nerdctl's: with systemd, and with a runc that manages cgroups itself.
            new Rule("nerdctl-([0-9a-f]{64})\\.scope", ContainerRuntime.CONTAINERD),
            new Rule(".*:nerdctl:([0-9a-f]{64})", ContainerRuntime.CONTAINERD),
            new Rule("crio-([0-9a-f]{64})(?:\\.scope)?", ContainerRuntime.CRIO),
            new Rule("libpod-(?:payload-)?([0-9a-f]{64})(?:\\.scope)?", ContainerRuntime.PODMAN),
            new Rule("lxc\\.payload\\.(.+)", ContainerRuntime.LXC));

    /**
     * Namespaces of containerd whose containers have the cgroup {@code /<namespace>/<id>}, unless a kubelet or nerdctl on
     * systemd says otherwise. There may be others, but any two words are such a path: those stay of unknown make.
     */
    private static final Set<String> CONTAINERD_NAMESPACES = Set.of("default", "k8s.io");

    private static final Pattern CONTAINERD_ID = Pattern.compile("[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*");

    /** First components whose children are units of systemd, nested slices counting as one. */
    private static final Set<String> SERVICE_SLICES =
            Set.of("system.slice", "runtime.slice", "reserved.slice", "kube.slice", "azure.slice", "podruntime.slice");

    /** Talos Linux has no systemd: below these its own machinery keeps a cgroup per service. */
    private static final Set<String> TALOS = Set.of("system", "podruntime");

    private record Rule(Pattern component, @Nullable ContainerRuntime runtime) {
        Rule(String component, @Nullable ContainerRuntime runtime) {
            this(Pattern.compile(component, Pattern.DOTALL), runtime);
        }
    }

    private CgroupClassifier() {}

    /** Classifies any path; never fails. */
    public static Classification classify(CgroupPath path) {
        List<String> parts = components(path.value());
        if (parts.isEmpty()) {
            return ROOT;
        }
        int pods = kubepods(parts);
        if (pods >= 0) {
            return inPod(parts.subList(pods, parts.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
            Classification found = atComponent(parts, i);
            if (found != null) {
                return found;
            }
        }
        return byFirst(parts);
    }

    private static List<String> components(String path) {
        return Pattern.compile("/")
                .splitAsStream(path)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static int kubepods(List<String> parts) {
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            // kubepods, kubepods.slice, kubelet-kubepods.slice (kind), kubepods-burstable-pod….slice:cri-containerd:…;
            // a unit may be called after them
            if (part.contains("kubepods") && !part.endsWith(".service")) {
                return i;
            }
        }
        return -1;
    }

    /** A level of the tree without a container's id groups pods, or holds nothing but the pod's containers. */
    private static Classification inPod(List<String> parts) {
        for (String part : parts) {
            Classification found = byComponent(part);
            if (found != null) {
                return found;
            }
            if (HEX64.matcher(part).matches()) {
                // Docker's and containerd's cgroupfs layouts look alike; the runtimes are asked in turn.
                return contained(ContainerRuntime.DOCKER, part);
            }
        }
        return STANDALONE;
    }

    private static @Nullable Classification atComponent(List<String> parts, int i) {
        String part = parts.get(i);
        Classification found = byComponent(part);
        if (found != null || i == 0) {
            return found;
        }
        String parent = parts.get(i - 1);
        if (parent.equals("docker") && HEX64.matcher(part).matches()) {
            return contained(ContainerRuntime.DOCKER, part);
        }
        // ECS agent: /ecs/<task>/<container>
        if (i == 2 && parts.getFirst().equals("ecs") && HEX64.matcher(part).matches()) {
            return contained(ContainerRuntime.DOCKER, part);
        }
        if (i == 1 && parent.equals("lxc")) {
            return contained(ContainerRuntime.LXC, part);
        }
        if (i == 1
                && CONTAINERD_NAMESPACES.contains(parent)
                && CONTAINERD_ID.matcher(part).matches()) {
            return contained(ContainerRuntime.CONTAINERD, '/' + parent + '/' + part);
        }
        return null;
    }

    private static @Nullable Classification byComponent(String part) {
        for (Rule rule : ANYWHERE) {
            Matcher matcher = rule.component().matcher(part);
            if (matcher.matches()) {
                return rule.runtime() == null ? STANDALONE : contained(rule.runtime(), matcher.group(1));
            }
        }
        return null;
    }

    private static Classification byFirst(List<String> parts) {
        String first = parts.getFirst();
        if (parts.size() == 1 && first.equals("init")) {
            return talos("init");
        }
        if (parts.size() == 1 || first.equals("user.slice") || first.equals("init.scope")) {
            return STANDALONE;
        }
        String second = parts.get(1);
        if (SERVICE_SLICES.contains(first)) {
            // A scope is a group of processes that something else started, apart from system.slice's own.
            return second.endsWith(".scope") && !first.equals("system.slice")
                    ? STANDALONE
                    : contained(ContainerRuntime.SYSTEMD, '/' + first + '/' + second);
        }
        if (TALOS.contains(first)) {
            return talos(second);
        }
        if (first.equals("libpod_parent") || second.startsWith("machine-libpod_pod_")) {
            return STANDALONE;
        }
        return custom(parts);
    }

    private static Classification talos(String service) {
        return contained(ContainerRuntime.OTHER, "/talos/" + service);
    }

    /** A slice of the host's owner or a foreign layout: what is below a service or scope belongs to it. */
    private static Classification custom(List<String> parts) {
        StringBuilder id = new StringBuilder();
        for (String part : parts) {
            id.append('/').append(part);
            if (part.endsWith(".service")) {
                return contained(ContainerRuntime.SYSTEMD, id.toString());
            }
            if (part.endsWith(".scope")) {
                break;
            }
        }
        // Nothing but slices: a level that groups units.
        return parts.getLast().endsWith(".slice") ? STANDALONE : contained(ContainerRuntime.OTHER, id.toString());
    }
}
