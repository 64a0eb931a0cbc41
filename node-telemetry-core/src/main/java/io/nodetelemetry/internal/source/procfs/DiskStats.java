package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /proc/diskstats}: what block devices did (Documentation/admin-guide/iostats.rst). Newer kernels add columns at the
 * end of a row.
 *
 * <pre>
 *  254       0 vda 750915 58458 42057386 1086388 509626 256039 29711856 198587 0 112696 1315593 199593 42 …
 * </pre>
 *
 * @param devices one a row, partitions and all
 */
public record DiskStats(List<Device> devices) {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MIN_COLUMNS = 14;
    /** Whatever the device's own sectors are. */
    private static final long SECTOR_BYTES = 512;

    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final Pattern WHOLE_DISK =
            Pattern.compile("dm-\\d+|(?:s|h|v|xv)d[a-z]+|md\\d+|nvme\\d+n\\d+|rbd\\d+|mmcblk\\d+");

    public DiskStats {
        devices = List.copyOf(devices);
    }

    /**
     * A block device and what it did since it appeared. The kernel counts milliseconds in 32 bits, so times begin again
     * after 49 days of work.
     *
     * @param major first half of its number
     * @param minor second half of its number
     * @param name such as {@code sda}
     * @param reads that it completed
     * @param readBytes of them
     * @param readMillis the time of each, queueing included, summed
     * @param writes that it completed
     * @param writtenBytes of them
     * @param writeMillis the time of each, queueing included, summed
     * @param busyMillis time for which at least one was under way
     */
    public record Device(
            int major,
            int minor,
            String name,
            long reads,
            long readBytes,
            long readMillis,
            long writes,
            long writtenBytes,
            long writeMillis,
            long busyMillis) {

        /** Whether it is a disk, or what stands for one, rather than a partition, a loop device or memory. */
        public boolean isWholeDisk() {
            return WHOLE_DISK.matcher(name).matches();
        }
    }

    /**
     * Reads the file; empty if there is none.
     *
     * @throws IOException if it may not be read
     */
    public static Optional<DiskStats> read(Path procRoot) throws IOException {
        return ProcFiles.read(procRoot.resolve("diskstats"), MAX_BYTES)
                .map(bytes -> parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    /** Takes the rows that are well formed. */
    static DiskStats parse(String file) {
        List<Device> devices = new ArrayList<>();
        for (int start = 0, end; (end = file.indexOf('\n', start)) >= 0; start = end + 1) {
            String[] columns = BLANKS.split(file.substring(start, end).strip(), -1);
            if (columns.length >= MIN_COLUMNS) {
                try {
                    devices.add(device(columns));
                } catch (NumberFormatException e) {
                    // Not a row of this file.
                }
            }
        }
        return new DiskStats(devices);
    }

    private static Device device(String[] columns) {
        return new Device(
                Integer.parseUnsignedInt(columns[0]),
                Integer.parseUnsignedInt(columns[1]),
                columns[2],
                count(columns[3]),
                count(columns[5]) * SECTOR_BYTES,
                count(columns[6]),
                count(columns[7]),
                count(columns[9]) * SECTOR_BYTES,
                count(columns[10]),
                count(columns[12]));
    }

    private static long count(String column) {
        long value = Long.parseLong(column);
        if (value < 0 || value > Long.MAX_VALUE / SECTOR_BYTES) {
            throw new NumberFormatException(column);
        }
        return value;
    }
}
