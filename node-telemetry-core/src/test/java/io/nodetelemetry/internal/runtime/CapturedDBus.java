package io.nodetelemetry.internal.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What systemd and a bus sent, from {@code src/test/resources/dbus}. */
final class CapturedDBus {
    static final List<String> NAMES = List.of(
            "bus-exec-by-timer",
            "private-exec-by-timer",
            "bus-mount",
            "bus-not-found",
            "bus-invalid-name",
            "bus-access-denied");

    private CapturedDBus() {}

    static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/dbus/systemd-252", name + ".bin"));
    }

    /** The stream cut into its messages. */
    static List<byte[]> messages(String name) throws IOException {
        byte[] all = bytes(name);
        List<byte[]> messages = new ArrayList<>();
        for (int at = 0; at < all.length; ) {
            int length = DBusMessage.length(Arrays.copyOfRange(all, at, at + DBusMessage.FIXED_HEADER));
            messages.add(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        return messages;
    }
}
