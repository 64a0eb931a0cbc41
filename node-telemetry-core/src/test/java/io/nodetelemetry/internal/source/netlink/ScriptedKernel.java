package io.nodetelemetry.internal.source.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A kernel that answers what it was told to answer, in that order, whatever it is asked. */
final class ScriptedKernel implements NetlinkTransport {
    private interface Answer {
        Optional<ByteBuffer> give() throws NetlinkException;
    }

    private final Deque<Answer> answers = new ArrayDeque<>();
    final List<NetlinkMessage> requests = new ArrayList<>();
    boolean closed;

    ScriptedKernel answers(ByteBuffer... datagrams) {
        for (ByteBuffer datagram : datagrams) {
            answers.add(() -> Optional.of(datagram));
        }
        return this;
    }

    ScriptedKernel answers(String... files) throws IOException {
        for (String file : files) {
            answers(Captured.datagram(file));
        }
        return this;
    }

    ScriptedKernel staysSilent() {
        answers.add(Optional::empty);
        return this;
    }

    ScriptedKernel overflows() {
        answers.add(() -> {
            throw new NetlinkException.Overflow("receive");
        });
        return this;
    }

    NetlinkSocket socket() {
        return new NetlinkSocket(this, Duration.ofMillis(5));
    }

    @Override
    public void send(ByteBuffer message) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(message).flip();
        try {
            requests.addAll(NetlinkMessage.split(copy));
        } catch (NetlinkException.Malformed e) {
            throw new AssertionError("what we send is malformed", e);
        }
    }

    @Override
    public Optional<ByteBuffer> receive(Duration timeout) throws NetlinkException {
        return answers.remove().give();
    }

    /** Everything is there from the beginning. */
    @Override
    public void await(Duration timeout) {}

    @Override
    public void close() {
        closed = true;
    }
}
