package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket (netlink(7)): datagrams to and from the kernel. It stays in the network namespace in which it was
 * opened. One thread at a time may use it; who opened it closes it.
 */
public final class NetlinkChannel implements AutoCloseable {
    /** Links, addresses, routes: rtnetlink(7). */
    public static final int NETLINK_ROUTE = Libc.LIBRARY.constant("NETLINK_ROUTE", 0);

    /** Families with a name: Documentation/userspace-api/netlink/intro.rst. */
    public static final int NETLINK_GENERIC = Libc.LIBRARY.constant("NETLINK_GENERIC", 16);

    /** Firewall, NAT and connection tracking: {@code linux/netfilter/nfnetlink.h}. */
    public static final int NETLINK_NETFILTER = Libc.LIBRARY.constant("NETLINK_NETFILTER", 12);

    private static final int AF_NETLINK = Libc.LIBRARY.constant("AF_NETLINK", 16);
    private static final int SO_RCVBUF = Libc.LIBRARY.constant("SO_RCVBUF", 8);
    private static final int SO_RCVBUFFORCE = Libc.LIBRARY.constant("SO_RCVBUFFORCE", 33);
    private static final int SO_ATTACH_BPF = Libc.LIBRARY.constant("SO_ATTACH_BPF", 50);
    private static final int SOL_NETLINK = Libc.LIBRARY.constant("SOL_NETLINK", 270);
    private static final int NETLINK_ADD_MEMBERSHIP = Libc.LIBRARY.constant("NETLINK_ADD_MEMBERSHIP", 1);
    private static final int NETLINK_LISTEN_ALL_NSID = Libc.LIBRARY.constant("NETLINK_LISTEN_ALL_NSID", 8);

    private static final StructLayout ADDRESS = Libc.LIBRARY.struct(
            "struct sockaddr_nl",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_SHORT.withName("nl_family"),
                    MemoryLayout.paddingLayout(2),
                    ValueLayout.JAVA_INT.withName("nl_pid"),
                    ValueLayout.JAVA_INT.withName("nl_groups")));
    private static final long NL_FAMILY = ADDRESS.byteOffset(PathElement.groupElement("nl_family"));
    private static final long NL_PID = ADDRESS.byteOffset(PathElement.groupElement("nl_pid"));

    private static final MethodHandle BIND =
            Libc.LIBRARY.bindWithErrno("int bind(int fd, const struct sockaddr *addr, unsigned int len)");
    private static final MethodHandle SEND =
            Libc.LIBRARY.bindWithErrno("ssize_t send(int fd, const void *buf, size_t n, int flags)");
    private static final MethodHandle RECVFROM = Libc.LIBRARY.bindWithErrno(
            "ssize_t recvfrom(int fd, void *buf, size_t n, int flags, struct sockaddr *addr, unsigned int *addr_len)");

    /** The kernel fills as much of a receiver's buffer as it can, up to 32 KiB; a single message may be longer. */
    private static final int RECEIVE_BYTES = 1 << 16;

    private static final int SEND_BYTES = 1 << 12;

    private final Fd fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = Errno.room(arena);
    private final MemorySegment outgoing = arena.allocate(SEND_BYTES, Long.BYTES);
    private final MemorySegment incoming = arena.allocate(RECEIVE_BYTES, Long.BYTES);
    private final MemorySegment sender = arena.allocate(ADDRESS);
    private final MemorySegment senderBytes = arena.allocate(ValueLayout.JAVA_INT);
    private final MemorySegment polled = Sockets.pollRoom(arena, 1);
    /** Apart, as who waits does so beside who receives. */
    private final MemorySegment awaited = Sockets.pollRoom(arena, 1);

    private final MemorySegment awaitErrno = Errno.room(arena);
    private boolean closed;

    private NetlinkChannel(Fd fd) {
        this.fd = fd;
    }

    /** Opens a socket in the calling thread's network namespace; any user may. */
    public static NetlinkChannel open(int protocol) throws ErrnoException {
        NetlinkChannel channel = new NetlinkChannel(
                Sockets.open(AF_NETLINK, Sockets.SOCK_RAW, protocol, "netlink socket of protocol " + protocol));
        try {
            channel.bind();
            return channel;
        } catch (ErrnoException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** The kernel chooses the port: an address of zeros. */
    private void bind() throws ErrnoException {
        try {
            sender.fill((byte) 0).set(ValueLayout.JAVA_SHORT, NL_FAMILY, (short) AF_NETLINK);
            int result = (int) BIND.invokeExact(errno, fd.number(), sender, (int) ADDRESS.byteSize());
            if (result != 0) {
                throw new ErrnoException("bind netlink socket", Errno.in(errno));
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /**
     * Asks for room for that many bytes of messages that nobody received yet. Without CAP_NET_ADMIN it is
     * {@code net.core.rmem_max} at most.
     */
    public void receiveBuffer(int bytes) throws ErrnoException {
        if (setOption(Sockets.SOL_SOCKET, SO_RCVBUFFORCE, bytes) != 0) {
            require("SO_RCVBUF " + bytes, setOption(Sockets.SOL_SOCKET, SO_RCVBUF, bytes));
        }
    }

    /**
     * Has a BPF program look at each message before it is queued (socket(7)): the program's result is how many of its
     * bytes are kept, and 0 drops it.
     *
     * @param program descriptor of a loaded program of the type socket filter; the kernel keeps the program
     */
    public void attachFilter(int program) throws ErrnoException {
        require("SO_ATTACH_BPF", setOption(Sockets.SOL_SOCKET, SO_ATTACH_BPF, program));
    }

    /** Subscribes to what the kernel tells that multicast group. */
    public void join(int group) throws ErrnoException {
        require("NETLINK_ADD_MEMBERSHIP " + group, setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group));
    }

    /**
     * Hears of events in all network namespaces that have an id in this socket's (netlink(7)). Needs CAP_NET_BROADCAST
     * here, and there.
     */
    public void listenToAllNamespaces() throws ErrnoException {
        require("NETLINK_LISTEN_ALL_NSID", setOption(SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1));
    }

    private static void require(String option, int refused) throws ErrnoException {
        if (refused != 0) {
            throw new ErrnoException("setsockopt " + option, refused);
        }
    }

    /** Zero, or the errno. */
    private int setOption(int level, int option, int number) {
        senderBytes.set(ValueLayout.JAVA_INT, 0, number);
        return Sockets.option(fd, level, option, senderBytes, errno);
    }

    /**
     * Sends the rest of the buffer to the kernel, which works at it before this returns.
     *
     * @param message of 4 KiB at most
     */
    public void send(ByteBuffer message) throws ErrnoException {
        int length = message.remaining();
        outgoing.asSlice(0, length).copyFrom(MemorySegment.ofBuffer(message));
        try {
            long sent = (long) SEND.invokeExact(errno, fd.number(), outgoing, (long) length, 0);
            if (sent != length) {
                throw new ErrnoException("send to netlink socket", sent < 0 ? Errno.in(errno) : Errno.EMSGSIZE);
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /**
     * The next datagram of the kernel; empty if none came in time. What other processes sent is left out.
     *
     * @param timeout in whole milliseconds; zero takes what is there
     * @return read-only, in native order, valid until the next call
     * @throws ErrnoException {@code ENOBUFS} if the kernel dropped messages as there was no room for them;
     *     {@code EMSGSIZE} if a datagram was too long for us, which is then lost
     */
    public Optional<ByteBuffer> receive(Duration timeout) throws ErrnoException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            // The answer to a request is there as soon as the request was sent: no wait is the ordinary case.
            @Nullable ByteBuffer datagram = take();
            long left = deadline - System.nanoTime();
            if (datagram != null || left <= 0) {
                return Optional.ofNullable(datagram);
            }
            Sockets.pollFor(polled, 0, fd);
            Sockets.await(polled, 1, left, errno);
        }
    }

    /**
     * Waits until there is something to receive, or the time is over. One thread may do so while another one sends and
     * receives, as long as none closes it.
     */
    public void await(Duration timeout) throws ErrnoException {
        Sockets.pollFor(awaited, 0, fd);
        Sockets.await(awaited, 1, timeout.toNanos(), awaitErrno);
    }

    /** Null if there is nothing, or what is there is not from the kernel. */
    private @Nullable ByteBuffer take() throws ErrnoException {
        senderBytes.set(ValueLayout.JAVA_INT, 0, (int) ADDRESS.byteSize());
        try {
            // With MSG_TRUNC the result is the datagram's length, even if the buffer is shorter.
            long length = (long) RECVFROM.invokeExact(
                    errno,
                    fd.number(),
                    incoming,
                    (long) RECEIVE_BYTES,
                    Sockets.MSG_DONTWAIT | Sockets.MSG_TRUNC,
                    sender,
                    senderBytes);
            if (length < 0) {
                int reason = Errno.in(errno);
                if (reason == Errno.EAGAIN || reason == Errno.EINTR) {
                    return null;
                }
                throw new ErrnoException("receive from netlink socket", reason);
            }
            if (sender.get(ValueLayout.JAVA_INT, NL_PID) != 0) {
                return null;
            }
            if (length > RECEIVE_BYTES) {
                throw new ErrnoException(
                        "receive from netlink socket", Errno.EMSGSIZE, length + " bytes, room for " + RECEIVE_BYTES);
            }
            return incoming.asSlice(0, length).asByteBuffer().asReadOnlyBuffer().order(ByteOrder.nativeOrder());
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Closes it the first time and does nothing after that. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            fd.close();
            arena.close();
        }
    }
}
