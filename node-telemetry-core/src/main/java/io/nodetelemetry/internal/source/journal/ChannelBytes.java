package io.nodetelemetry.internal.source.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open file, which stays readable when it is renamed or removed. */
final class ChannelBytes implements RandomBytes, AutoCloseable {
    private final FileChannel channel;

    private ChannelBytes(FileChannel channel) {
        this.channel = channel;
    }

    static ChannelBytes open(Path file) throws IOException {
        return new ChannelBytes(FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public int read(long position, byte[] into, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) <= 0) {
                break;
            }
        }
        return buffer.position();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
