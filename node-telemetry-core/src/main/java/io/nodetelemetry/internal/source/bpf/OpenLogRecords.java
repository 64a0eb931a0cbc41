package io.nodetelemetry.internal.source.bpf;

import io.nodetelemetry.internal.ffm.BpfLink;
import io.nodetelemetry.model.CgroupRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the records of one look as the kernel writes them. Of a cgroup so much is taken, whatever it has open and wherever:
 * it can neither fill the memory nor take the room of others.
 */
final class OpenLogRecords implements BpfLink.Output {
    /** Letters of all paths together: some thousand files. */
    static final int MAX_LETTERS_OF_CGROUP = 1 << 18;

    static final int MAX_LETTERS = 1 << 23;

    private final List<OpenLogFile> logs = new ArrayList<>();
    private final Map<CgroupRef, Integer> lettersOfCgroups = new HashMap<>();
    private int letters;
    private long leftOut;
    /** The beginning of a record that is not whole. */
    private byte[] rest = {};

    @Override
    public void take(byte[] bytes, int length) throws IOException {
        byte[] all = new byte[rest.length + length];
        System.arraycopy(rest, 0, all, 0, rest.length);
        System.arraycopy(bytes, 0, all, rest.length, length);
        ByteBuffer records = TcpDecoder.wrap(all);
        OpenLogFile.decode(records, this::add);
        rest = new byte[records.remaining()];
        records.get(rest);
        if (rest.length > OpenLogFile.MAX_SIZE) {
            throw new IOException("a record of an open file has more than " + OpenLogFile.MAX_SIZE + " bytes");
        }
    }

    private void add(OpenLogFile log) {
        int length = log.path().length();
        int ofCgroup = lettersOfCgroups.getOrDefault(log.cgroup(), 0) + length;
        if (ofCgroup > MAX_LETTERS_OF_CGROUP || letters + length > MAX_LETTERS) {
            leftOut++;
            return;
        }
        lettersOfCgroups.put(log.cgroup(), ofCgroup);
        letters += length;
        logs.add(log);
    }

    /** In the order in which they were written. */
    List<OpenLogFile> logs() {
        return logs;
    }

    /** Files beyond what is taken. */
    long leftOut() {
        return leftOut;
    }
}
