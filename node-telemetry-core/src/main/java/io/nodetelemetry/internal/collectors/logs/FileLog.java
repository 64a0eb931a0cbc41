package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.log.LogDecoder;
import io.nodetelemetry.internal.log.StreamLines;
import io.nodetelemetry.internal.source.logfile.LineReceiver;
import io.nodetelemetry.model.LogLevel;
import java.util.function.Function;

/** A log file of a container: its lines are decoded, joined into messages and counted. For the thread that reads logs. */
final class FileLog implements LineReceiver {
    private final LogSource source;
    private final MessageStream out;
    private final MessageStream err;
    private final LogDecoder decoder;
    private final OldLines old;
    private final LogDrops drops;
    private final OpenLogs openLogs;
    private final OpenLogs.Log open = new OpenLogs.Log(this::end);
    private long undecodable;

    /**
     * Nothing was read yet.
     *
     * @param decoder makes one that gives its lines to the argument
     * @param old lines that are passed over without a word
     */
    FileLog(LogSource source, Function<StreamLines, LogDecoder> decoder, OldLines old, LogsState state) {
        this.source = source;
        this.old = old;
        drops = state.drops();
        openLogs = state.openLogs();
        out = new MessageStream(source, drops);
        err = new MessageStream(source, drops);
        this.decoder = decoder.apply((stream, text, from, to) ->
                (stream == StreamLines.Stream.OUT ? out : err).line(text, from, to, LogLevel.UNKNOWN));
    }

    @Override
    public int room() {
        return old.mayCome() ? Integer.MAX_VALUE : source.budget().room();
    }

    @Override
    public void line(byte[] buffer, int from, int to, boolean cut) {
        if (old.isOld(buffer, from, to)) {
            return;
        }
        source.budget().take();
        openLogs.wrote(open);
        try {
            decoder.line(buffer, from, to, cut);
        } catch (RuntimeException e) {
            // One line must not end the reading of all logs.
            drops.fault(e);
        }
    }

    @Override
    public void skipped(long lines) {
        // What follows belongs to nothing that came before.
        end();
        source.counts().skipped(lines);
        openLogs.wrote(open);
    }

    /** All was read that was there when reading began. */
    void caughtUp() {
        old.end();
    }

    /** Nothing follows for now: what is open is a message. */
    void end() {
        decoder.end();
        out.end();
        err.end();
        drops.add(LogDrops.Reason.UNDECODABLE_LINE, decoder.undecodable() - undecodable);
        undecodable = decoder.undecodable();
    }
}
