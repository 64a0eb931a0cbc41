package io.nodetelemetry.internal.runtime.grpc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/** Bytes to and from a server, for one exchange that has to be over at a given time. For one thread. */
public interface Transport extends Closeable {
    /** Writes all of it. */
    void write(byte[] bytes) throws IOException;

    /** Reads at least one byte; -1 at the end. */
    int read(ByteBuffer buffer) throws IOException;

    /** Connects to servers on unix sockets. */
    @FunctionalInterface
    interface Connector {
        /**
         * Connects. The time runs from here.
         *
         * @param timeout for all that is done with the transport together
         */
        Transport connect(Path socket, Duration timeout) throws IOException;
    }
}
