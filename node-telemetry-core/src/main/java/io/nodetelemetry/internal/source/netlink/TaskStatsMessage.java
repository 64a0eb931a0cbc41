package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.source.netlink.TaskAccounting.Task;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and answers of the family TASKSTATS ({@code linux/taskstats.h}). */
final class TaskStatsMessage {
    static final String FAMILY = "TASKSTATS";

    private static final int GET = 1;
    private static final int BY_PID = 1;
    private static final int BY_TGID = 2;
    private static final int REGISTER_CPUMASK = 3;
    private static final int DEREGISTER_CPUMASK = 4;

    private static final int TYPE_PID = 1;
    private static final int TYPE_TGID = 2;
    private static final int TYPE_STATS = 3;
    private static final int TYPE_AGGREGATE_PID = 4;
    private static final int TYPE_AGGREGATE_TGID = 5;

    private TaskStatsMessage() {}

    static NetlinkRequest query(int family, Task task) {
        NetlinkRequest request = GenericNetlink.request("TASKSTATS_CMD_GET " + task, family, GET);
        return switch (task) {
            case Task.OfThread(int id) -> request.attribute(BY_PID, id);
            case Task.OfProcess(int id) -> request.attribute(BY_TGID, id);
        };
    }

    /** @param cpus such as {@code 0-3,8} */
    static NetlinkRequest register(int family, String cpus) {
        return GenericNetlink.request("TASKSTATS REGISTER_CPUMASK " + cpus, family, GET)
                .attribute(REGISTER_CPUMASK, cpus);
    }

    static NetlinkRequest deregister(int family, String cpus) {
        return GenericNetlink.request("TASKSTATS DEREGISTER_CPUMASK " + cpus, family, GET)
                .attribute(DEREGISTER_CPUMASK, cpus);
    }

    /** The accounts in a message: one in an answer; at an exit the thread's, and with the last one the process's. */
    static List<TaskAccounting> parse(NetlinkMessage message) throws NetlinkException.Malformed {
        List<TaskAccounting> accounts = new ArrayList<>(2);
        NetlinkAttributes attributes = message.attributes(GenericNetlink.HEADER);
        while (attributes.next()) {
            if (attributes.type() == TYPE_AGGREGATE_PID || attributes.type() == TYPE_AGGREGATE_TGID) {
                accounts.add(aggregate(attributes.nested()));
            }
        }
        attributes.check();
        return accounts;
    }

    private static TaskAccounting aggregate(NetlinkAttributes attributes) throws NetlinkException.Malformed {
        @Nullable Task task = null;
        ByteBuffer struct = ByteBuffer.allocate(0);
        while (attributes.next()) {
            switch (attributes.type()) {
                case TYPE_PID -> task = new Task.OfThread(attributes.u32());
                case TYPE_TGID -> task = new Task.OfProcess(attributes.u32());
                case TYPE_STATS -> struct = attributes.struct();
                default -> {} // padding
            }
        }
        attributes.check();
        if (task == null) {
            throw new NetlinkException.Malformed("an account without the task that it is about");
        }
        return TaskAccounting.decode(task, struct);
    }
}
