package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.model.LifecycleEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes {@code struct event} and {@code struct cgroup_event} of {@code lifecycle.bpf.c}. */
final class LifecycleDecoder {
    static final int HEADER_SIZE = 24;

    private static final int CGROUP_CREATED = 0;
    private static final int CGROUP_REMOVED = 1;
    private static final int PROCESS_STARTED = 2;
    private static final int PROCESS_EXITED = 3;
    private static final int OOM_KILLED = 4;
    private static final int CGROUP_OCCUPIED = 5;
    private static final int CGROUP_VACATED = 6;

    private LifecycleDecoder() {}

    /**
     * Decodes one sample.
     *
     * @param sample native order, position 0; may be longer than needed
     * @return empty for a kind that is not known and for a sample that is too short or has no path
     */
    static Optional<LifecycleEvent> decode(ByteBuffer sample) {
        if (sample.remaining() < HEADER_SIZE) {
            return Optional.empty();
        }
        CgroupRef cgroup = new CgroupRef(sample.getInt(8), sample.getLong(0));
        int process = sample.getInt(20);
        return switch (sample.getInt(16)) {
            case CGROUP_CREATED -> path(sample).map(path -> new LifecycleEvent.CgroupCreated(cgroup, path));
            case CGROUP_REMOVED -> Optional.of(new LifecycleEvent.CgroupRemoved(cgroup));
            case PROCESS_STARTED -> Optional.of(new LifecycleEvent.ProcessStarted(cgroup, process));
            case PROCESS_EXITED -> Optional.of(new LifecycleEvent.ProcessExited(cgroup, process));
            case OOM_KILLED -> Optional.of(new LifecycleEvent.OomKilled(cgroup, process));
            case CGROUP_OCCUPIED -> Optional.of(new LifecycleEvent.CgroupPopulated(cgroup, true));
            case CGROUP_VACATED -> Optional.of(new LifecycleEvent.CgroupPopulated(cgroup, false));
            default -> Optional.empty();
        };
    }

    private static Optional<CgroupPath> path(ByteBuffer sample) {
        int end = HEADER_SIZE;
        while (end < sample.remaining() && sample.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - HEADER_SIZE];
        sample.get(HEADER_SIZE, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith("/") ? Optional.of(new CgroupPath(text)) : Optional.empty();
    }
}
