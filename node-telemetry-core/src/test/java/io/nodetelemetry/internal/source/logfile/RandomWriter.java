package io.nodetelemetry.internal.source.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes a log and rotates it at random, and knows which lines it holds. */
final class RandomWriter implements AutoCloseable {
    /** How a log is rotated. */
    enum Rotation {
        NUMBERED,
        DATED,
        COPIED
    }

    final List<String> expected = new ArrayList<>();
    private final Random random;
    private final Path log;
    private final Rotation rotation;
    private FileChannel channel;
    private String unfinished = "";
    private int rotations;
    private int lines;

    RandomWriter(Random random, Path log, Rotation rotation) throws IOException {
        this.random = random;
        this.log = log;
        this.rotation = rotation;
        channel = openLog();
    }

    private FileChannel openLog() throws IOException {
        return FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes some lines, the last of which may be left unfinished. */
    void write() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            String part = text();
            text.append(part);
            unfinished += part;
            if (i > 0 || random.nextInt(3) > 0) {
                text.append('\n');
                finish();
            }
        }
        channel.write(ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
    }

    private String text() {
        int length = random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(80);
        return lines++ + " " + "x".repeat(length) + " ";
    }

    private void finish() {
        expected.add(unfinished);
        unfinished = "";
    }

    /** A line that is interrupted by the change to another file is two. */
    void rotate() throws IOException {
        rotations++;
        switch (rotation) {
            case NUMBERED -> {
                shift();
                Files.move(log, beside(".1"));
                reopen();
            }
            case DATED -> {
                Files.move(log, beside(".20260101-%06d".formatted(rotations)));
                reopen();
            }
            case COPIED -> {
                shift();
                Files.copy(log, beside(".1"));
                channel.truncate(0);
                end();
            }
        }
    }

    /** A writer may hear of a rotation late. */
    private void reopen() throws IOException {
        if (random.nextBoolean()) {
            write();
        }
        end();
        channel.close();
        channel = openLog();
    }

    private void shift() throws IOException {
        for (int i = rotations - 1; i > 0; i--) {
            Files.move(beside("." + i), beside("." + (i + 1)));
        }
    }

    private Path beside(String suffix) {
        return log.resolveSibling(log.getFileName() + suffix);
    }

    /** Nothing follows on what was written. */
    void end() {
        if (!unfinished.isEmpty()) {
            finish();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
