package io.nodetelemetry.internal.collectors.node;

import java.io.IOException;

/** Where the interfaces are read from; may wait for the kernel. After a failure it is closed and another one opened. */
interface InterfaceSource extends AutoCloseable {
    InterfaceReading read() throws IOException;

    @Override
    void close();
}
