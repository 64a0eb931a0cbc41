package io.nodetelemetry.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A compact journal file without the hash tables, which a reader of all entries does not need. */
final class JournalText {
    private static final int HEADER = 272;
    private static final int SERVICES = 50;

    /** What journald adds to each entry of a service, beside the message and the time. */
    private static final List<String> SHARED = List.of(
            "_TRANSPORT=stdout",
            "PRIORITY=6",
            "SYSLOG_FACILITY=3",
            "_UID=0",
            "_GID=0",
            "_CAP_EFFECTIVE=1ffffffffff",
            "_SYSTEMD_SLICE=system.slice",
            "_BOOT_ID=0123456789abcdef0123456789abcdef",
            "_MACHINE_ID=0123456789abcdef0123456789abcdef",
            "_HOSTNAME=node");

    private static final List<String> OF_A_SERVICE = List.of(
            "_STREAM_ID=%032x",
            "SYSLOG_IDENTIFIER=service-%d",
            "_PID=%d",
            "_COMM=service-%d",
            "_EXE=/usr/bin/service-%d",
            "_CMDLINE=/usr/bin/service-%d --serve",
            "_SYSTEMD_CGROUP=/system.slice/service-%d.service",
            "_SYSTEMD_UNIT=service-%d.service");

    private final ByteBuffer file;

    private JournalText(int entries) {
        file = ByteBuffer.allocate(HEADER + (1 << 16) + entries * 480).order(ByteOrder.LITTLE_ENDIAN);
        file.position(HEADER);
    }

    /** Writes a journal of fifty services that take turns. */
    static void write(Path path, int entries) throws IOException {
        JournalText text = new JournalText(entries);
        List<List<Integer>> fields = new ArrayList<>();
        List<Integer> shared = SHARED.stream().map(text::data).toList();
        for (int service = 0; service < SERVICES; service++) {
            int number = service;
            List<Integer> all = new ArrayList<>(shared);
            OF_A_SERVICE.forEach(field -> all.add(text.data(field.formatted(number))));
            fields.add(all);
        }
        int[] places = new int[entries];
        for (int i = 0; i < entries; i++) {
            List<Integer> all = new ArrayList<>(fields.get(i % SERVICES));
            all.add(text.data("MESSAGE=GET /api/v1/orders/%d took %d ms, and a few more words".formatted(i, i % 97)));
            all.add(text.data("_SOURCE_REALTIME_TIMESTAMP=%d".formatted(1_700_000_000_000_000L + i)));
            places[i] = text.entry(i, all);
        }
        Files.write(path, text.finished(places));
    }

    private int object(int type, int bytes) {
        int at = (file.position() + 7) & ~7;
        file.position(at);
        file.put(at, (byte) type).putLong(at + 8, bytes).position(at + 16);
        return at;
    }

    private int data(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        int at = object(1, 72 + bytes.length);
        file.position(at + 72).put(bytes);
        return at;
    }

    private int entry(int number, List<Integer> fields) {
        int at = object(3, 64 + 4 * fields.size());
        file.putLong(number + 1).putLong(1_700_000_000_000_000L + number).putLong(number);
        file.position(at + 64);
        fields.forEach(file::putInt);
        return at;
    }

    private byte[] finished(int[] places) {
        int array = object(6, 24 + 4 * places.length);
        file.position(array + 24);
        for (int place : places) {
            file.putInt(place);
        }
        int end = file.position();
        file.put(0, "LPKSHHRH".getBytes(StandardCharsets.US_ASCII)).putInt(12, 1 << 4);
        file.putLong(88, HEADER).putLong(96, end - HEADER).putLong(136, array).putLong(152, places.length);
        file.putLong(160, places.length).putLong(168, 1).putLong(176, array);
        byte[] bytes = new byte[end];
        file.get(0, bytes);
        return bytes;
    }
}
