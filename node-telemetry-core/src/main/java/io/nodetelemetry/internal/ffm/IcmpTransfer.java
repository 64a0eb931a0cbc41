package io.nodetelemetry.internal.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Sends and receives on {@linkplain IcmpSocket ICMP sockets}, many of them with one set of buffers. Nothing here waits but
 * {@link #await}. One thread at a time may use it; the buffers it hands out are overwritten by the next call.
 */
public final class IcmpTransfer implements AutoCloseable {
    private static final int MSG_ERRQUEUE = Libc.LIBRARY.constant("MSG_ERRQUEUE", 0x2000);

    private static final StructLayout IPV4_ADDRESS = Libc.LIBRARY.struct(
            "struct sockaddr_in",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_SHORT.withName("sin_family"),
                    ValueLayout.JAVA_SHORT.withName("sin_port"),
                    ValueLayout.JAVA_INT.withName("sin_addr"),
                    MemoryLayout.paddingLayout(8)));
    private static final StructLayout IPV6_ADDRESS = Libc.LIBRARY.struct(
            "struct sockaddr_in6",
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_SHORT.withName("sin6_family"),
                    ValueLayout.JAVA_SHORT.withName("sin6_port"),
                    ValueLayout.JAVA_INT.withName("sin6_flowinfo"),
                    MemoryLayout.sequenceLayout(16, ValueLayout.JAVA_BYTE).withName("sin6_addr"),
                    ValueLayout.JAVA_INT.withName("sin6_scope_id")));
    private static final StructLayout PART = Libc.LIBRARY.struct(
            "struct iovec",
            MemoryLayout.structLayout(
                    ValueLayout.ADDRESS.withName("iov_base"), ValueLayout.JAVA_LONG.withName("iov_len")));
    private static final StructLayout HEADER = Libc.LIBRARY.struct(
            "struct msghdr",
            MemoryLayout.structLayout(
                    ValueLayout.ADDRESS.withName("msg_name"),
                    ValueLayout.JAVA_INT.withName("msg_namelen"),
                    MemoryLayout.paddingLayout(4),
                    ValueLayout.ADDRESS.withName("msg_iov"),
                    ValueLayout.JAVA_LONG.withName("msg_iovlen"),
                    ValueLayout.ADDRESS.withName("msg_control"),
                    ValueLayout.JAVA_LONG.withName("msg_controllen"),
                    ValueLayout.JAVA_INT.withName("msg_flags"),
                    MemoryLayout.paddingLayout(4)));
    private static final long CONTROL_BYTES = HEADER.byteOffset(PathElement.groupElement("msg_controllen"));

    private static final MethodHandle SENDTO = Libc.LIBRARY.bindWithErrno("ssize_t sendto(int fd, const void *buf,"
            + " size_t n, int flags, const struct sockaddr *addr, unsigned int addr_len)");
    private static final MethodHandle RECVMSG =
            Libc.LIBRARY.bindWithErrno("ssize_t recvmsg(int fd, struct msghdr *message, int flags)");

    /** Our requests have 64 bytes; what is put before them on their way has less than this. */
    private static final int DATA = 512;

    /** The kernel's timestamps and what they are of take 128 bytes. */
    private static final int CONTROL = 512;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = Errno.room(arena);
    private final MemorySegment outgoing = arena.allocate(DATA, Long.BYTES);
    private final MemorySegment address = arena.allocate(IPV6_ADDRESS);
    private final MemorySegment incoming = arena.allocate(DATA, Long.BYTES);
    private final MemorySegment controls = arena.allocate(CONTROL, Long.BYTES);
    private final MemorySegment header = arena.allocate(HEADER);
    private final ByteBuffer data = incoming.asByteBuffer().asReadOnlyBuffer();
    private final ByteBuffer control =
            controls.asByteBuffer().asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    private final int capacity;
    private final MemorySegment polled;
    private boolean closed;

    /**
     * Makes the buffers.
     *
     * @param capacity how many sockets can be waited for at a time
     */
    @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
    public IcmpTransfer(int capacity) {
        this.capacity = capacity;
        polled = Sockets.pollRoom(arena, capacity);
        MemorySegment part = arena.allocate(PART);
        part.set(ValueLayout.ADDRESS, offset(PART, "iov_base"), incoming);
        part.set(ValueLayout.JAVA_LONG, offset(PART, "iov_len"), incoming.byteSize());
        header.set(ValueLayout.ADDRESS, offset(HEADER, "msg_iov"), part);
        header.set(ValueLayout.JAVA_LONG, offset(HEADER, "msg_iovlen"), 1);
        header.set(ValueLayout.ADDRESS, offset(HEADER, "msg_control"), controls);
    }

    private static long offset(StructLayout struct, String member) {
        return struct.byteOffset(PathElement.groupElement(member));
    }

    /**
     * Sends an ICMP message. In IPv6 the kernel fills in its checksum.
     *
     * @param message the rest of the buffer, of 512 bytes at most
     * @param to of the socket's family
     * @throws ErrnoException with the kernel's word on why it did not leave: no route to it, a firewall, no room
     */
    public void send(IcmpSocket socket, ByteBuffer message, InetAddress to) throws ErrnoException {
        int length = message.remaining();
        outgoing.asSlice(0, length).copyFrom(MemorySegment.ofBuffer(message));
        byte[] bytes = to.getAddress();
        boolean ipv4 = socket.family() == IcmpSocket.Family.IPV4;
        if (bytes.length != (ipv4 ? Integer.BYTES : 2 * Long.BYTES)) {
            throw new IllegalArgumentException(to + " is not an address of " + socket.family());
        }
        address.fill((byte) 0);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) (ipv4 ? IcmpSocket.AF_INET : IcmpSocket.AF_INET6));
        long at = ipv4 ? offset(IPV4_ADDRESS, "sin_addr") : offset(IPV6_ADDRESS, "sin6_addr");
        MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, at, bytes.length);
        int addressBytes = (int) (ipv4 ? IPV4_ADDRESS.byteSize() : IPV6_ADDRESS.byteSize());
        try {
            long sent = (long) SENDTO.invokeExact(
                    errno, socket.fd().number(), outgoing, (long) length, Sockets.MSG_DONTWAIT, address, addressBytes);
            if (sent != length) {
                throw new ErrnoException("send to " + to.getHostAddress(), sent < 0 ? Errno.in(errno) : Errno.EMSGSIZE);
            }
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** Takes the next reply: false if there is none. What is longer than 512 bytes is cut off. */
    public boolean receive(IcmpSocket socket) throws ErrnoException {
        return receive(socket, 0);
    }

    /** Takes what the kernel has to say next about requests that it sent, with the request: false if nothing. */
    public boolean receiveErrors(IcmpSocket socket) throws ErrnoException {
        return receive(socket, MSG_ERRQUEUE);
    }

    private boolean receive(IcmpSocket socket, int queue) throws ErrnoException {
        header.set(ValueLayout.JAVA_LONG, CONTROL_BYTES, controls.byteSize());
        try {
            long length = (long) RECVMSG.invokeExact(errno, socket.fd().number(), header, Sockets.MSG_DONTWAIT | queue);
            if (length < 0) {
                int reason = Errno.in(errno);
                if (reason == Errno.EAGAIN || reason == Errno.EINTR) {
                    return false;
                }
                throw new ErrnoException("receive from ICMP socket", reason);
            }
            data.clear().limit((int) length);
            control.clear().limit((int) header.get(ValueLayout.JAVA_LONG, CONTROL_BYTES));
            return true;
        } catch (ErrnoException e) {
            throw e;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    /** What was received last: a reply as the socket gives it, or a request as it left. Read-only, in network order. */
    public ByteBuffer data() {
        return data;
    }

    /** The control messages (cmsg(3)) of what was received last. Read-only, in native order. */
    public ByteBuffer control() {
        return control;
    }

    /**
     * Waits until one of the sockets has something to tell. May return sooner.
     *
     * @param sockets those beyond the capacity are not waited for
     */
    public void await(List<IcmpSocket> sockets, long nanos) throws ErrnoException {
        int count = Math.min(capacity, sockets.size());
        for (int i = 0; i < count; i++) {
            Sockets.pollFor(polled, i, sockets.get(i).fd());
        }
        Sockets.await(polled, count, nanos, errno);
    }

    /** Closes it the first time and does nothing after that; the sockets stay open. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
