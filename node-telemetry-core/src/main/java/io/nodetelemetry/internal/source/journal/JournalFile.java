package io.nodetelemetry.internal.source.journal;

import io.nodetelemetry.internal.source.journal.JournalDrops.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One file of a journal, read from one entry to the next. It stays open while journald writes to it, renames or removes
 * it. Never throws because of what is in it: damage is counted.
 */
final class JournalFile implements AutoCloseable {
    /** How often an entry that is announced may be missing before it counts as damaged. */
    private static final int PATIENCE = 20;

    /** journald writes on to a file that somebody removed, until it looks at it again: every five seconds. */
    private static final long REMOVED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A file to which nothing more is written is given up when its disk refuses to read for so long. */
    private static final long FAULT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ChannelBytes bytes;
    private final JournalDirectory directory;
    private final Workspace workspace;
    private final JournalDrops drops;
    private final boolean late;

    /** Stands for it when it is closed. */
    private final Object mark = new Object();

    private final byte[] headerBytes = new byte[JournalHeader.BYTES];
    private Path path;
    private boolean archived;
    private boolean gone;
    private long quietSince;
    private boolean headerRead;
    private boolean faulty;
    private long faultySince;
    private boolean passesAll;
    private long toPass;
    private boolean broken;
    private long lost;
    private boolean numbered;
    private int misses;
    private @Nullable JournalHeader header;
    private @Nullable EntryChain chain;
    private @Nullable EntryReader reader;

    /**
     * A file that was opened.
     *
     * @param late whether it was not there at the start
     */
    JournalFile(
            Path path,
            boolean archived,
            boolean late,
            JournalDirectory directory,
            Workspace workspace,
            JournalDrops drops)
            throws IOException {
        this.path = path;
        this.archived = archived;
        this.late = late;
        this.directory = directory;
        this.workspace = workspace;
        this.drops = drops;
        bytes = ChannelBytes.open(path);
    }

    /** It has another name now; under that of an archive nothing more is written to it. */
    void renamed(Path to, boolean nowArchived) {
        path = to;
        archived = nowArchived;
        gone = false;
    }

    /** Its name is gone: what is in it can still be read. */
    void removed() {
        if (!gone) {
            gone = true;
            quietSince = workspace.nanos.getAsLong();
        }
    }

    boolean isArchived() {
        return archived;
    }

    String name() {
        return path.getFileName().toString();
    }

    /** Whether there will never be anything to read again. */
    boolean isDone() {
        if (hasMore() || isFaulty()) {
            return false;
        }
        return archived || (gone && (broken || workspace.nanos.getAsLong() - quietSince > REMOVED_NANOS));
    }

    boolean hasMore() {
        return !broken && header != null && chain != null && chain.passed() < header.entries();
    }

    /** Whether its disk refused to read it a moment ago. */
    boolean isFaulty() {
        return faulty && !broken;
    }

    /** The header as it was read last. */
    Optional<JournalHeader> header() {
        return Optional.ofNullable(header);
    }

    /** Whether it was written to since this boot. */
    boolean canHoldNew() {
        return header != null && directory.timeline().canHoldNew(header);
    }

    /** When its first entry was written; a file without one comes last. */
    long begin() {
        return header == null || header.entries() == 0 ? Long.MAX_VALUE : header.firstRealtime();
    }

    /** Reads the header again. */
    void refresh() {
        headerRead = false;
        try {
            int length = bytes.read(0, headerBytes, headerBytes.length);
            headerRead = true;
            Optional<JournalHeader> now = JournalHeader.parse(headerBytes, length);
            if (broken) {
                now.ifPresent(this::loseMore);
            } else if (now.isPresent()) {
                accept(now.get());
            } else if (header != null) {
                lose();
            }
        } catch (IOException e) {
            unreadable();
        } catch (JournalFormatException e) {
            corrupt();
        }
    }

    private void accept(JournalHeader now) throws JournalFormatException {
        if (header == null) {
            chain = new EntryChain(bytes, now.compact());
            reader = new EntryReader(bytes, now.compact(), workspace);
        } else if (now.entries() < header.entries() || now.compact() != header.compact()) {
            throw new JournalFormatException("its entries became fewer");
        } else if (now.entries() > header.entries()) {
            // What was loaded may end in the middle of an entry that was still being written.
            workspace.window.forget();
            workspace.aside.forget();
        }
        header = now;
        if (passesAll) {
            passesAll = false;
            toPass = now.entries();
        }
    }

    /** Goes past all entries; if the file cannot be read now, as soon as it can be. */
    void skipToEnd() {
        if (header == null || chain == null || broken) {
            passesAll = isFaulty();
            return;
        }
        toPass = header.entries();
        try {
            chain.skipTo(toPass, header);
        } catch (IOException e) {
            unreadable();
        } catch (JournalFormatException e) {
            corrupt();
        }
    }

    /**
     * Reads entries that the header tells of.
     *
     * @param most how many are looked at
     * @return how many were looked at
     */
    int read(JournalEntries to, int most) {
        int looked = 0;
        if (header == null || chain == null || reader == null || broken || !headerRead) {
            return looked;
        }
        try {
            chain.skipTo(toPass, header);
            while (looked < most && !broken && chain.passed() < header.entries()) {
                if (to.room() <= 0) {
                    skip(to);
                    break;
                }
                long offset = chain.peek(header);
                if (offset == 0 && !archived && ++misses < PATIENCE) {
                    break;
                }
                misses = 0;
                quietSince = workspace.nanos.getAsLong();
                looked++;
                entry(offset, header, chain, reader, to);
            }
            faulty = false;
            if (chain.passed() == header.entries() && archived) {
                directory.timeline().reached(header.sequence(), header.lastNumber());
            }
        } catch (IOException e) {
            unreadable();
        } catch (JournalFormatException e) {
            corrupt();
        }
        return looked;
    }

    /** Goes past an entry when it is read: an I/O error before that leaves it to be read again. */
    private void entry(long offset, JournalHeader in, EntryChain at, EntryReader from, JournalEntries to)
            throws IOException {
        try {
            from.open(offset, in);
        } catch (JournalFormatException e) {
            at.next();
            damaged();
            return;
        }
        Timeline timeline = directory.timeline();
        if (!timeline.isNew(from, directory.isVolatile(), late, directory.fromBeginning())) {
            at.next();
            numbered = true;
            return;
        }
        JournalEntry entry = workspace.entry;
        from.read(offset, in, entry);
        at.next();
        if (late && !numbered) {
            Optional<List<JournalHeader>> others = directory.headersBeside(this);
            others.ifPresent(headers ->
                    drops.add(Reason.UNREAD_ENTRY, timeline.missingBefore(in.sequence(), from.number(), headers)));
        }
        numbered = true;
        timeline.reached(in.sequence(), from.number());
        if (directory.isVolatile()) {
            timeline.tookVolatile(from, mark);
        }
        if (entry.hasMessage()) {
            to.entry(entry);
        } else if (from.packed()) {
            drops.add(Reason.COMPRESSED_ENTRY, 1);
        } else if (from.damaged()) {
            damaged();
        }
    }

    /** An entry that was passed is damaged: it alone, or the whole file was emptied under us. */
    private void damaged() {
        if (isEmptied()) {
            lose();
            drops.add(Reason.UNREAD_ENTRY, 1);
        } else {
            drops.add(Reason.CORRUPT_ENTRY, 1);
        }
    }

    /** Nobody has room for what is there: it is passed over, and only the last one is looked at. */
    private void skip(JournalEntries to) throws IOException, JournalFormatException {
        if (header == null || chain == null || reader == null) {
            return;
        }
        long before = chain.passed();
        chain.skipTo(header.entries() - 1, header);
        long offset = chain.peek(header);
        chain.next();
        to.skipped(chain.passed() - before);
        numbered = true;
        directory.timeline().reached(header.sequence(), header.lastNumber());
        if (offset != 0 && directory.isVolatile()) {
            reader.open(offset, header);
            directory.timeline().tookVolatile(reader, mark);
        }
    }

    /** A file that is vacuumed is emptied after its name is gone, so that its space is free at once. */
    private boolean isEmptied() {
        try {
            int length = bytes.read(0, headerBytes, headerBytes.length);
            return JournalHeader.parse(headerBytes, length).isEmpty();
        } catch (IOException | JournalFormatException e) {
            return false;
        }
    }

    /** The disk, or the network, may be back the next time. */
    private void unreadable() {
        long now = workspace.nanos.getAsLong();
        if (!faulty) {
            faulty = true;
            faultySince = now;
            drops.add(Reason.UNREADABLE_FILE, 1);
        } else if ((archived || gone) && now - faultySince > FAULT_NANOS) {
            lose();
        }
    }

    private void corrupt() {
        if (!broken) {
            drops.add(Reason.CORRUPT_FILE, 1);
            lose();
        }
    }

    /** Gives the file up and counts what was not read of it. */
    private void lose() {
        broken = true;
        if (header != null && chain != null) {
            drops.add(Reason.UNREAD_ENTRY, header.entries() - chain.passed());
            directory.timeline().reached(header.sequence(), header.lastNumber());
            lost = header.entries();
        }
    }

    /** journald may go on with a file that cannot be read any more. */
    private void loseMore(JournalHeader now) {
        if (header != null && now.entries() > lost) {
            drops.add(Reason.UNREAD_ENTRY, now.entries() - lost);
            directory.timeline().reached(now.sequence(), now.lastNumber());
            lost = now.entries();
        }
    }

    @Override
    public void close() {
        workspace.window.forget();
        workspace.aside.forget();
        try {
            bytes.close();
        } catch (IOException e) {
            // It was only read, and its number is free either way: there is nothing to repeat or repair.
        }
    }
}
