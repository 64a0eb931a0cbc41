package io.nodetelemetry.internal.source.netlink;

import io.nodetelemetry.internal.ffm.Errno;
import java.io.IOException;
import java.util.Optional;

/** Families of generic netlink: their numbers are the kernel's choice, their names are not ({@code linux/genetlink.h}). */
final class GenericNetlink {
    /** {@code struct genlmsghdr}: command, version, two bytes unused. */
    static final int HEADER = 4;

    private static final int CONTROLLER = 16;
    private static final int GET_FAMILY = 3;
    private static final int FAMILY_ID = 1;
    private static final int FAMILY_NAME = 2;

    private GenericNetlink() {}

    /** A request to a family. */
    static NetlinkRequest request(String name, int family, int command) {
        return new NetlinkRequest(name, family).u8(command).u8(1).zeros(2);
    }

    /** The number of a family; empty if this kernel, or this network namespace, has none of that name. */
    static Optional<Integer> family(NetlinkSocket socket, String name) throws IOException {
        NetlinkRequest request =
                request("CTRL_CMD_GETFAMILY " + name, CONTROLLER, GET_FAMILY).attribute(FAMILY_NAME, name);
        try {
            return Optional.of(socket.ask(request, GenericNetlink::familyId));
        } catch (NetlinkException.Refused e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static int familyId(NetlinkMessage message) throws NetlinkException.Malformed {
        int id = 0;
        NetlinkAttributes attributes = message.attributes(HEADER);
        while (attributes.next()) {
            if (attributes.type() == FAMILY_ID) {
                id = attributes.u16();
            }
        }
        attributes.check();
        if (id <= CONTROLLER) {
            throw new NetlinkException.Malformed("answer to CTRL_CMD_GETFAMILY without a family's number");
        }
        return id;
    }
}
