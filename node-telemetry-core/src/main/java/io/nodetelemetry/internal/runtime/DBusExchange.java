package io.nodetelemetry.internal.runtime;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection for some calls: it is authenticated as the process that it is (D-Bus specification, "EXTERNAL"), all
 * calls are sent at once, and it is closed when all are answered or the time is over.
 *
 * <p>The other side may be a message bus or systemd itself (its private socket). A bus gives nothing to whom it has not
 * greeted; systemd answers the greeting with an error, which does no harm.
 */
final class DBusExchange implements Closeable {
    private static final int MAX_LINE = 4_096;
    /** Signals may come between; a side that sends nothing else is not waited for. */
    private static final int MAX_MESSAGES = 256;

    private final DeadlineSocket socket;
    private final ByteBuffer received = ByteBuffer.allocate(4_096).flip();

    private DBusExchange(DeadlineSocket socket) {
        this.socket = socket;
    }

    /**
     * Sends the calls and returns their replies, in the order of the calls.
     *
     * @param timeout for the whole
     * @throws IOException if any of the calls was not answered
     */
    static List<DBusMessage> with(Path socket, Duration timeout, List<DBusCall> calls) throws IOException {
        try (DBusExchange exchange = new DBusExchange(DeadlineSocket.connect(socket, timeout))) {
            exchange.authenticate();
            return exchange.call(calls);
        }
    }

    private void authenticate() throws IOException {
        // Without a user id the other side takes the one that the kernel tells it: ours may be another one over there.
        socket.write("\0AUTH EXTERNAL\r\n".getBytes(StandardCharsets.US_ASCII));
        String answer = line();
        if (answer.equals("DATA")) {
            socket.write("DATA\r\n".getBytes(StandardCharsets.US_ASCII));
            answer = line();
        }
        if (answer.startsWith("REJECTED")) {
            throw new IOException("the D-Bus socket refuses us: run as root, in the host's user namespace");
        }
        if (!answer.equals("OK") && !answer.startsWith("OK ")) {
            throw new DBusFormatException("no D-Bus: it answered '" + printable(answer) + "'");
        }
    }

    private static String printable(String line) {
        return line.substring(0, Math.min(line.length(), 80)).replaceAll("[^ -~]", "?");
    }

    private List<DBusMessage> call(List<DBusCall> calls) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(DBusCall.HELLO.encode(1));
        for (int i = 0; i < calls.size(); i++) {
            out.writeBytes(calls.get(i).encode(i + 2));
        }
        socket.write(out.toByteArray());

        @Nullable DBusMessage[] replies = new DBusMessage[calls.size()];
        int missing = calls.size();
        for (int messages = 0; missing > 0; messages++) {
            if (messages == MAX_MESSAGES) {
                throw new DBusFormatException(MAX_MESSAGES + " messages and not all replies among them");
            }
            DBusMessage message = message();
            long call = message.replyTo() - 2;
            if (message.kind() != DBusMessage.Kind.OTHER
                    && call >= 0
                    && call < replies.length
                    && replies[(int) call] == null) {
                replies[(int) call] = message;
                missing--;
            }
        }
        List<DBusMessage> answered = new ArrayList<>();
        for (DBusMessage reply : replies) {
            answered.add(Objects.requireNonNull(reply));
        }
        return answered;
    }

    private DBusMessage message() throws IOException {
        byte[] header = take(DBusMessage.FIXED_HEADER);
        byte[] message = new byte[DBusMessage.length(header)];
        System.arraycopy(header, 0, message, 0, header.length);
        byte[] rest = take(message.length - header.length);
        System.arraycopy(rest, 0, message, header.length, rest.length);
        return DBusMessage.parse(message);
    }

    private byte[] take(int count) throws IOException {
        byte[] taken = new byte[count];
        for (int done = 0; done < count; ) {
            fill();
            int some = Math.min(count - done, received.remaining());
            received.get(taken, done, some);
            done += some;
        }
        return taken;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() <= MAX_LINE) {
            fill();
            char next = (char) (received.get() & 0xff);
            if (next == '\n') {
                return line.toString().stripTrailing();
            }
            line.append(next);
        }
        throw new DBusFormatException("no D-Bus: a line of more than " + MAX_LINE + " characters");
    }

    private void fill() throws IOException {
        if (!received.hasRemaining()) {
            received.clear();
            int count = socket.read(received);
            received.flip();
            if (count < 0) {
                throw new EOFException("the D-Bus socket was closed before the answer was complete");
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
