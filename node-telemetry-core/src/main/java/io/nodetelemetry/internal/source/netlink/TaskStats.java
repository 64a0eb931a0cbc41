package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.NetlinkChannel;
import io.nodetelemetry.internal.source.netlink.TaskAccounting.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Asks the kernel for the delays of tasks (Documentation/accounting/taskstats.rst). Needs CONFIG_TASKSTATS, CAP_NET_ADMIN,
 * and the initial pid and user namespaces. One thread at a time may use it.
 *
 * <p>Queries are not for every day: a distribution's 6.12 kernel has been seen to panic at one by the id of a thread. BPF
 * programs come first; this is for machines where they cannot be loaded.
 */
public final class TaskStats implements AutoCloseable {
    private final NetlinkSocket socket;
    private final int family;

    private TaskStats(NetlinkSocket socket, int family) {
        this.socket = socket;
        this.family = family;
    }

    /**
     * Opens a socket in the host's network namespace: the family need not exist in others.
     *
     * @param procRoot usually {@code /proc}
     * @throws IOException with the remedy, if the kernel lacks the family
     */
    public static TaskStats open(Path procRoot) throws IOException {
        NetlinkSocket socket = NetlinkSocket.openOnHost(NetlinkChannel.NETLINK_GENERIC, procRoot);
        try {
            return open(socket);
        } catch (IOException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    static TaskStats open(NetlinkSocket socket) throws IOException {
        return new TaskStats(socket, family(socket));
    }

    static int family(NetlinkSocket socket) throws IOException {
        return GenericNetlink.family(socket, TaskStatsMessage.FAMILY)
                .orElseThrow(
                        () -> new IOException("no taskstats in this network namespace's generic netlink; run in the"
                                + " host's network namespace, on a kernel built with CONFIG_TASKSTATS"));
    }

    /**
     * The account of a whole process: of all its threads, the dead ones too. Empty if it is gone.
     *
     * @param tgid in the initial pid namespace
     * @throws NetlinkException.Refused with {@code EPERM} without CAP_NET_ADMIN
     */
    public Optional<TaskAccounting> ofProcess(int tgid) throws IOException {
        return query(new Task.OfProcess(tgid));
    }

    /** The account of one thread. Empty if it is gone. */
    public Optional<TaskAccounting> ofThread(int pid) throws IOException {
        return query(new Task.OfThread(pid));
    }

    private Optional<TaskAccounting> query(Task task) throws IOException {
        try {
            List<TaskAccounting> accounts = socket.ask(TaskStatsMessage.query(family, task), TaskStatsMessage::parse);
            return accounts.stream()
                    .filter(account -> account.task().equals(task))
                    .findFirst();
        } catch (NetlinkException.Refused e) {
            if (e.errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
