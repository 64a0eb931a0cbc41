package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A raw ICMP socket (raw(7), icmp(7)) that hears echo replies and nothing else, with the kernel's timestamps of what comes
 * and goes (Documentation/networking/timestamping.rst). It stays in the network namespace in which it was opened.
 *
 * <p>Not one of the sockets for ping that need no privilege: those depend on {@code net.ipv4.ping_group_range} of the
 * namespace, which by default lets nobody use them.
 */
public final class IcmpSocket implements AutoCloseable {
    /** Which internet protocol it speaks. */
    public enum Family {
        IPV4,
        IPV6
    }

    static final int AF_INET = Libc.LIBRARY.constant("AF_INET", 2);
    static final int AF_INET6 = Libc.LIBRARY.constant("AF_INET6", 10);

    private static final int IPPROTO_ICMP = Libc.LIBRARY.constant("IPPROTO_ICMP", 1);
    private static final int IPPROTO_ICMPV6 = Libc.LIBRARY.constant("IPPROTO_ICMPV6", 58);
    private static final int SOL_RAW = Libc.LIBRARY.constant("SOL_RAW", 255);
    private static final int SOL_ICMPV6 = Libc.LIBRARY.constant("SOL_ICMPV6", 58);
    private static final int ICMP_FILTER = Libc.LIBRARY.constant("ICMP_FILTER", 1);
    private static final int ICMPV6_FILTER = Libc.LIBRARY.constant("ICMPV6_FILTER", 1);
    private static final int ICMP_ECHOREPLY = Libc.LIBRARY.constant("ICMP_ECHOREPLY", 0);
    private static final int ICMPV6_ECHO_REPLY = Libc.LIBRARY.constant("ICMPV6_ECHO_REPLY", 129);

    private static final int SO_TIMESTAMPING = Libc.LIBRARY.constant("SO_TIMESTAMPING", 37);
    private static final int TX_SOFTWARE = Libc.LIBRARY.constant("SOF_TIMESTAMPING_TX_SOFTWARE", 1 << 1);
    private static final int RX_SOFTWARE = Libc.LIBRARY.constant("SOF_TIMESTAMPING_RX_SOFTWARE", 1 << 3);
    private static final int SOFTWARE = Libc.LIBRARY.constant("SOF_TIMESTAMPING_SOFTWARE", 1 << 4);
    private static final int TX_SCHED = Libc.LIBRARY.constant("SOF_TIMESTAMPING_TX_SCHED", 1 << 8);

    /** A filter's bit is set for a type that is not to be heard: 32 of them in IPv4, 256 in IPv6. */
    private static final int FILTER_WORDS = 8;

    private final Fd fd;
    private final Family family;

    private IcmpSocket(Fd fd, Family family) {
        this.fd = fd;
        this.family = family;
    }

    /**
     * Opens a socket in the calling thread's network namespace; needs CAP_NET_RAW there.
     *
     * @throws ErrnoException {@code EPERM} without that, {@code EAFNOSUPPORT} where the kernel has no IPv6
     */
    public static IcmpSocket open(Family family) throws ErrnoException {
        boolean ipv4 = family == Family.IPV4;
        String name = "ICMP socket of " + family;
        Fd fd = Sockets.open(ipv4 ? AF_INET : AF_INET6, Sockets.SOCK_RAW, ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6, name);
        IcmpSocket socket = new IcmpSocket(fd, family);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Errno.room(arena);
            socket.hearRepliesAlone(arena, errno);
            timestamp(fd, TX_SCHED | TX_SOFTWARE | RX_SOFTWARE | SOFTWARE, arena, errno);
            return socket;
        } catch (ErrnoException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    private void hearRepliesAlone(Arena arena, MemorySegment errno) throws ErrnoException {
        boolean ipv4 = family == Family.IPV4;
        int heard = ipv4 ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY;
        MemorySegment filter = arena.allocate(ValueLayout.JAVA_INT, ipv4 ? 1 : FILTER_WORDS);
        filter.fill((byte) 0xff).setAtIndex(ValueLayout.JAVA_INT, heard / Integer.SIZE, ~(1 << heard));
        int refused = ipv4
                ? Sockets.option(fd, SOL_RAW, ICMP_FILTER, filter, errno)
                : Sockets.option(fd, SOL_ICMPV6, ICMPV6_FILTER, filter, errno);
        if (refused != 0) {
            throw new ErrnoException("setsockopt ICMP_FILTER", refused);
        }
    }

    private static void timestamp(Fd fd, int what, Arena arena, MemorySegment errno) throws ErrnoException {
        MemorySegment flags = arena.allocateFrom(ValueLayout.JAVA_INT, what);
        int refused = Sockets.option(fd, Sockets.SOL_SOCKET, SO_TIMESTAMPING, flags, errno);
        if (refused != 0) {
            throw new ErrnoException("setsockopt SO_TIMESTAMPING", refused);
        }
    }

    /**
     * Opens a socket that does nothing but keep the kernel stamping all packets that arrive on this machine: it begins to
     * a moment after the first socket asked for it, and ends when the last one is closed. Needs no privilege.
     */
    public static Fd keepReceiveTimestamps() throws ErrnoException {
        Fd fd = Sockets.open(AF_INET, Sockets.SOCK_DGRAM, 0, "socket that keeps timestamps on");
        try (Arena arena = Arena.ofConfined()) {
            timestamp(fd, RX_SOFTWARE | SOFTWARE, arena, Errno.room(arena));
            return fd;
        } catch (ErrnoException | RuntimeException | Error e) {
            fd.close();
            throw e;
        }
    }

    /** Which internet protocol it speaks. */
    public Family family() {
        return family;
    }

    Fd fd() {
        return fd;
    }

    /** Closes it the first time and does nothing after that. */
    @Override
    public void close() {
        fd.close();
    }
}
