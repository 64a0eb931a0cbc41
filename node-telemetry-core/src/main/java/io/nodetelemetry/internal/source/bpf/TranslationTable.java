package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfMap;
import io.nodetelemetry.internal.ffm.BpfObject;
import io.nodetelemetry.internal.ffm.Errno;
import io.nodetelemetry.internal.ffm.ErrnoException;
import io.nodetelemetry.model.TcpTranslation;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The maps of {@code tcp_translation.h}. {@link #note} is for any thread, the rest for one. */
final class TranslationTable {
    /** {@code BPF_NOEXIST}: what the program noted is newer. */
    private static final int IF_ABSENT = 1;

    private static final Logger LOG = LoggerFactory.getLogger(TranslationTable.class);
    private static final byte[] FIRST = new byte[Integer.BYTES];

    private final BpfMap translations;
    private final BpfMap seen;
    private final AtomicInteger noted = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private long count;

    TranslationTable(BpfObject object) {
        translations = object.map("translations");
        seen = object.map("translations_seen");
    }

    /** Takes what the program did not hear of. The table's room is for older connections once; new ones displace them. */
    void note(TcpTranslation translation) {
        if (noted.get() >= translations.maxEntries()) {
            dropped.incrementAndGet();
            return;
        }
        try {
            seen.update(FIRST, TcpDecoder.buffer(Integer.BYTES).putInt(1).array(), 0);
            translations.update(
                    TcpDecoder.encode(translation.dialled()), TcpDecoder.encode(translation.onward()), IF_ABSENT);
            noted.incrementAndGet();
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EEXIST) {
                drop(e);
            }
        } catch (IOException e) {
            drop(e);
        }
    }

    private void drop(IOException e) {
        LOG.debug("a translation could not be noted", e);
        dropped.incrementAndGet();
    }

    /** Reads how full it is; where nothing was ever translated, that is one look-up. */
    void readCount() throws IOException {
        byte[] value = new byte[Integer.BYTES];
        boolean any = seen.lookup(FIRST, value) && TcpDecoder.wrap(value).getInt() != 0;
        count = 0;
        if (any) {
            translations.forEach((key, onward) -> count++);
        }
    }

    BpfProbe.Fill fill() {
        return new BpfProbe.Fill("translations", count, translations.maxEntries());
    }

    /** Translations that were told to {@link #note} and found no room. */
    long dropped() {
        return dropped.get();
    }
}
