package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.model.CgroupRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A regular file below {@code /var/log/} that a process has open to write a log to, which is to say only for writing or
 * for appending. Left out are files that have no name any more, and {@code /var/log/pods}, {@code containers} and
 * {@code journal}.
 *
 * @param cgroup the cgroup that names the process, as for events
 * @param pid of the process, in the pid namespace of the host
 * @param fd of the file in the process
 * @param path absolute, from the root directory of the process
 * @param openedElsewhere the root directory of the process is not above the file: it was opened in another mount namespace
 *     or before chroot(2), and the path may lead to another file or to none
 * @param remote its file system asks a network or another process, and can keep waiting who reads it
 */
public record OpenLogFile(CgroupRef cgroup, int pid, int fd, String path, boolean openedElsewhere, boolean remote) {
    static final int SIZE = 32;
    /** With all its names. */
    static final int MAX_SIZE = SIZE + 64 * 256;

    static final int PID_OFFSET = 16;
    static final int FD_OFFSET = 20;
    static final int HOW_OFFSET = 24;
    static final int NAMES_OFFSET = 28;

    private static final int OPENED_ELSEWHERE = 1;
    private static final int REMOTE = 2;

    /**
     * What {@code logfiles.bpf.c} writes: {@code struct open_log}, followed by the names of the path, the last one first.
     * A record that was cut off is left out.
     */
    static List<OpenLogFile> decode(ByteBuffer output) {
        List<OpenLogFile> logs = new ArrayList<>();
        decode(output, logs::add);
        return logs;
    }

    /** The same; the output's position is behind the last record that is whole. */
    static void decode(ByteBuffer output, Consumer<OpenLogFile> to) {
        while (output.remaining() >= SIZE) {
            int start = output.position();
            ByteBuffer record = output.slice().order(output.order());
            output.position(output.position() + SIZE);
            StringBuilder path = new StringBuilder();
            for (int names = record.getInt(NAMES_OFFSET); names > 0; names--) {
                int end = output.position();
                while (end < output.limit() && output.get(end) != 0) {
                    end++;
                }
                if (end == output.limit()) {
                    output.position(start);
                    return;
                }
                byte[] name = new byte[end - output.position()];
                output.get(name).get();
                path.insert(0, new String(name, StandardCharsets.UTF_8)).insert(0, '/');
            }
            int how = record.getInt(HOW_OFFSET);
            to.accept(new OpenLogFile(
                    TcpDecoder.cgroup(record),
                    record.getInt(PID_OFFSET),
                    record.getInt(FD_OFFSET),
                    path.toString(),
                    (how & OPENED_ELSEWHERE) != 0,
                    (how & REMOTE) != 0));
        }
    }
}
