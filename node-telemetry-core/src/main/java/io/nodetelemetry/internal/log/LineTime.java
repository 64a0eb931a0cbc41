package io.nodetelemetry.internal.log;

import io.nodetelemetry.model.ContainerLogFile;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** When a runtime wrote a line of its file. A pure function of the line. */
public final class LineTime {
    private static final byte[] MEMBER = LineShape.ascii("\"time\":\"");
    /** {@code 2006-01-02T15:04:05.999999999+07:00}. */
    private static final int MAX_LENGTH = 35;

    private LineTime() {}

    /** The time in the line; empty if it has none that is one. */
    public static Optional<Instant> of(ContainerLogFile.Format format, byte[] line, int from, int to) {
        return switch (format) {
            case CRI -> parse(line, from, to, ' ');
            case DOCKER_JSON -> {
                // It comes last, and a message cannot hold a quote that is not escaped.
                int at = lastMember(line, from, to);
                yield at < 0 ? Optional.empty() : parse(line, at, to, '"');
            }
        };
    }

    private static int lastMember(byte[] line, int from, int to) {
        for (int at = to - MEMBER.length; at >= from; at--) {
            if (LineShape.startsWith(line, at, to, MEMBER)) {
                return at + MEMBER.length;
            }
        }
        return -1;
    }

    private static Optional<Instant> parse(byte[] line, int from, int to, char end) {
        int limit = Math.min(to, from + MAX_LENGTH + 1);
        for (int at = from; at < limit; at++) {
            if (line[at] == end) {
                String text = new String(line, from, at - from, StandardCharsets.ISO_8859_1);
                try {
                    return Optional.of(OffsetDateTime.parse(text).toInstant());
                } catch (DateTimeException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
