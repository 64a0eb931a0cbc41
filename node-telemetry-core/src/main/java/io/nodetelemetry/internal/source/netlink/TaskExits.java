package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.NetlinkChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens for the last accounts of tasks, which the kernel sends as they exit: what a query can no longer ask for. The same
 * needs as {@link TaskStats}. One thread at a time may use it, but for {@link #await}.
 */
public final class TaskExits implements AutoCloseable {
    /** About 4 000 exits: each takes less than 1 KiB of room there. */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private final NetlinkSocket socket;
    private final int family;
    private final String cpus;
    private long overflows;

    private TaskExits(NetlinkSocket socket, int family, String cpus) {
        this.socket = socket;
        this.family = family;
        this.cpus = cpus;
    }

    /**
     * Listens to every processor of the machine, from the host's network namespace: the kernel looks for listeners in the
     * initial one only.
     *
     * @param procRoot usually {@code /proc}
     * @param cpus all that there can be, as in {@code /sys/devices/system/cpu/possible}: {@code 0-7}
     */
    public static TaskExits open(Path procRoot, String cpus) throws IOException {
        NetlinkSocket socket = NetlinkSocket.openOnHost(NetlinkChannel.NETLINK_GENERIC, procRoot, RECEIVE_BUFFER_BYTES);
        try {
            return open(socket, cpus);
        } catch (IOException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    static TaskExits open(NetlinkSocket socket, String cpus) throws IOException {
        int family = TaskStats.family(socket);
        socket.command(TaskStatsMessage.register(family, cpus));
        return new TaskExits(socket, family, cpus);
    }

    /**
     * Accounts of threads that exited, and of processes whose last thread did.
     *
     * @param wait for the first; zero takes what is there
     * @return those of one message; empty if nothing came, or if the kernel had to drop some, see {@link #overflows}
     */
    public List<TaskAccounting> receive(Duration wait) throws IOException {
        List<TaskAccounting> exits = new ArrayList<>();
        try {
            for (NetlinkMessage message : socket.events(wait)) {
                if (message.type() == family) {
                    exits.addAll(TaskStatsMessage.parse(message));
                }
            }
        } catch (NetlinkException.Overflow e) {
            overflows++;
        }
        return exits;
    }

    /**
     * Returns when there is an account to receive, or the time is over. One thread may wait here while another one
     * receives with a wait of zero.
     */
    public void await(Duration wait) throws IOException {
        socket.awaitEvents(wait);
    }

    /** How often the kernel had no room for an account and dropped it, and maybe others after it. */
    public long overflows() {
        return overflows;
    }

    @Override
    public void close() {
        try {
            socket.command(TaskStatsMessage.deregister(family, cpus));
        } catch (IOException e) {
            // The kernel strikes a listener off its list when it finds the socket closed.
        } finally {
            socket.close();
        }
    }
}
