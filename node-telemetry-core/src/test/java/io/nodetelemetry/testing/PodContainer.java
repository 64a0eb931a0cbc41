package io.nodetelemetry.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A container of a {@link Pod}, running or ended. */
public final class PodContainer {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ContainerdEngine engine;
    private final String id;
    private final Pod pod;
    private final Path log;

    PodContainer(ContainerdEngine engine, String id, Pod pod, Path log) {
        this.engine = engine;
        this.id = id;
        this.pod = pod;
        this.log = log;
    }

    /** The runtime's 64-digit id. */
    public String id() {
        return id;
    }

    /** The file that its output goes to. */
    public Path log() {
        return log;
    }

    /**
     * Rotates its log as a kubelet does: the file gets another name and the runtime opens a new one.
     *
     * @return the file under its new name
     */
    public Path rotateLog(String suffix) {
        Path rotated = log.resolveSibling(log.getFileName() + "." + suffix);
        try {
            Files.move(log, rotated);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reopenLog();
        return rotated;
    }

    /** Has its runtime open its log anew. */
    public void reopenLog() {
        engine.cri().reopenContainerLog(id);
    }

    /** Waits until its log contains a text. */
    public PodContainer awaitOutput(String text) {
        Eventually.within(LIMIT, () -> {
            String output = Files.readString(log);
            if (!output.contains(text)) {
                throw new AssertionError(id + " has not written '" + text + "': " + output);
            }
        });
        return this;
    }

    /** Waits until it ends by itself, with exit code 0. */
    public PodContainer awaitSuccess() {
        Eventually.within(LIMIT, () -> {
            long[] stateAndCode = engine.cri().containerState(id);
            if (stateAndCode[0] != CriService.EXITED || stateAndCode[1] != 0) {
                throw new AssertionError(
                        "state " + stateAndCode[0] + ", exit code " + stateAndCode[1] + ": " + output());
            }
        });
        return this;
    }

    private String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has ended, however it did. */
    public PodContainer awaitEnd() {
        Eventually.within(LIMIT, () -> {
            if (engine.cri().containerState(id)[0] != CriService.EXITED) {
                throw new AssertionError(id + " has not ended");
            }
        });
        return this;
    }

    /** Runs a program in it, in the cgroup that it was started in. */
    public void exec(String... command) {
        engine.cri().execSync(id, List.of(command));
    }

    /** Ends it; its pod goes on. */
    public void stop() {
        engine.cri().stopContainer(id);
    }

    /**
     * Moves its processes to the cgroup that the driver "systemd" would have made for it. That driver needs a systemd,
     * its names do not.
     */
    public void moveToSystemdCgroup() {
        String slice = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"
                + pod.uid().replace('-', '_') + ".slice";
        engine.forgetCgroup(slice);
        CgroupMove.move(pod.cgroup() + '/' + id, slice + "/cri-containerd-" + id + ".scope");
    }
}
