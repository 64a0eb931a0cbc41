package io.nodetelemetry.testing;

import io.nodetelemetry.internal.runtime.grpc.ProtoWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A pod of a {@link ContainerdEngine}: a sandbox, and the containers that are started in it. */
public final class Pod {
    /** The CRI plugin hears of imported images by an event, a moment after they are there. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final ContainerdEngine engine;
    private final String namespace;
    private final String name;
    private final String uid = UUID.randomUUID().toString();
    private final ProtoWriter config;
    private final Map<String, Integer> attempts = new HashMap<>();
    private String id = "";

    private Pod(ContainerdEngine engine, String namespace, String name) {
        this.engine = engine;
        this.namespace = namespace;
        this.name = name;
        config = new ProtoWriter()
                .message(
                        1,
                        new ProtoWriter()
                                .text(1, name)
                                .text(2, uid)
                                .text(3, namespace)
                                .number(4, 0))
                .text(2, name)
                .text(3, engine.folder() + "/logs/" + uid);
        labels().forEach((key, value) -> entry(config, 6, key, value));
        config.message(8, new ProtoWriter().text(1, cgroup()));
    }

    static Pod run(ContainerdEngine engine, String namespace, String name) {
        Pod pod = new Pod(engine, namespace, name);
        engine.forgetCgroup(pod.cgroup());
        Eventually.within(START_LIMIT, () -> pod.id = engine.cri().runPodSandbox(pod.config));
        return pod;
    }

    private Map<String, String> labels() {
        return Map.of(
                "app",
                name,
                "io.kubernetes.pod.name",
                name,
                "io.kubernetes.pod.namespace",
                namespace,
                "io.kubernetes.pod.uid",
                uid);
    }

    private static void entry(ProtoWriter message, int field, String key, String value) {
        message.message(field, new ProtoWriter().text(1, key).text(2, value));
    }

    /** The runtime's id of its sandbox. */
    public String id() {
        return id;
    }

    /** The unique id that the API server gave it. */
    public String uid() {
        return uid;
    }

    /** Under which the metrics of a container of it are expected. */
    public String containerId(String container) {
        return "/k8s/" + namespace + '/' + name + '/' + container;
    }

    /** The cgroup above those of its sandbox and its containers, named as kubelet's driver "cgroupfs" does. */
    public String cgroup() {
        return "/kubepods/burstable/pod" + uid;
    }

    /** Its IPv4 address. */
    public String ip() {
        return engine.cri().podIp(id);
    }

    /** Starts a container; one of a name that was there before is a restart of it. */
    public PodContainer start(String container, String... command) {
        int attempt = attempts.merge(container, 0, (last, zero) -> last + 1);
        ProtoWriter created = new ProtoWriter()
                .message(1, new ProtoWriter().text(1, container).number(2, attempt))
                .message(2, new ProtoWriter().text(1, ContainerdEngine.IMAGE));
        for (String word : command) {
            created.text(3, word);
        }
        created.message(
                7,
                new ProtoWriter()
                        .text(1, "/load")
                        .text(2, LoadDriver.folder().toString())
                        .number(3, 1));
        labels().forEach((key, value) -> entry(created, 9, key, value));
        entry(created, 9, "io.kubernetes.container.name", container);
        String log = container + '/' + attempt + ".log";
        created.text(11, log);
        PodContainer started = new PodContainer(
                engine,
                engine.cri().createContainer(id, created, config),
                this,
                engine.folder().resolve("logs").resolve(uid).resolve(log));
        engine.cri().startContainer(started.id());
        return started;
    }

    /** Ends and removes it with all its containers. */
    public void remove() {
        engine.cri().removePodSandbox(id);
    }
}
