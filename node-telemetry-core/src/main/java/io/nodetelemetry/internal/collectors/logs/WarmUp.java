package io.nodetelemetry.internal.collectors.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodetelemetry.internal.log.LogDecoder;
import io.nodetelemetry.internal.log.LogLineReader;
import io.nodetelemetry.internal.log.MessageAssembler;
import io.nodetelemetry.internal.log.MessageCounts;
import io.nodetelemetry.internal.log.PatternRoom;
import io.nodetelemetry.internal.log.StreamLines;
import io.nodetelemetry.internal.source.logfile.Beginning;
import io.nodetelemetry.internal.source.logfile.LineReceiver;
import io.nodetelemetry.internal.source.logfile.LogFileLocation;
import io.nodetelemetry.model.ContainerLogFile.Format;
import io.nodetelemetry.model.LogLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads some lines of its own before the first log. The classes are loaded then and what is called for each line is
 * compiled: the first lines of a process take a thousand times as long as the later ones, and a container that logs at full
 * speed rotates its files away meanwhile. It counts nothing that is shown.
 */
final class WarmUp implements LineReceiver {
    private static final int ROUNDS = 300;
    /** Every system has one, and it says nothing of interest. */
    private static final Path FILE = Path.of("/etc/os-release");

    private static final List<String> DOCKER = List.of(
            record(
                    "2026-01-01 00:00:00,123 - WARN  [Sender:17@679] - Interrupted while waiting for \\u003cqueue\\u003e"),
            record("{\\\"level\\\":\\\"error\\\",\\\"msg\\\":\\\"cannot reach db-3\\\",\\\"attempt\\\":3}"),
            record("level=warning msg=\\\"lease was lost\\\" shard=7"),
            record("E0101 00:00:00.345678    1 controller.go:116] loading failed: 503"),
            record("java.lang.IllegalStateException: shard 7 is closed"),
            record("\\tat com.example.Shard.write(Shard.java:71)"),
            record("INFO login of alice with password=secret from 10.0.0.7"));
    private static final List<String> CRI = List.of(
            "2026-01-01T00:00:00.123456789Z stdout P ERROR request 17 ",
            "2026-01-01T00:00:00.123456789Z stdout F failed after 3 s");

    private final MessageCounts counts = new MessageCounts(
            new MessageCounts.Rules(LogLevel.INFO, true, 1_024),
            new LogLineReader(true),
            new PatternRoom(DOCKER.size() + CRI.size(), new PatternRoom.Total(DOCKER.size() + CRI.size())));
    private final MessageAssembler messages = new MessageAssembler(
            (text, textLength, head, headLength) -> counts.count(text, textLength, head, headLength, LogLevel.UNKNOWN));
    private final StreamLines lines = (stream, text, from, to) -> messages.line(text, from, to);

    private WarmUp() {}

    private static String record(String text) {
        return "{\"log\":\"" + text + "\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00.123456789Z\"}";
    }

    /** Takes a tenth of a second or so. */
    static void run(LogTail files) throws IOException {
        WarmUp warmUp = new WarmUp();
        warmUp.decode(Format.DOCKER_JSON, DOCKER);
        warmUp.decode(Format.CRI, CRI);
        LogTail.Followed file = files.follow(new LogFileLocation.OnHost(FILE), Beginning.START, warmUp, null);
        files.read();
        file.close();
    }

    private void decode(Format format, List<String> records) {
        LogDecoder decoder = LogDecoder.of(format, lines);
        for (int round = 0; round < ROUNDS; round++) {
            for (String record : records) {
                byte[] line = record.getBytes(UTF_8);
                decoder.line(line, 0, line.length, false);
            }
        }
        decoder.end();
        messages.end();
    }

    @Override
    public int room() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void line(byte[] buffer, int from, int to, boolean cut) {
        messages.line(buffer, from, to);
    }

    @Override
    public void skipped(long lines) {
        // There is room for all.
    }
}
