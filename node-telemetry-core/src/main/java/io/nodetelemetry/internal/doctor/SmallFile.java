package io.nodetelemetry.internal.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file of the kernel, read whole. */
final class SmallFile {
    private static final int LIMIT = 1 << 20;

    private SmallFile() {}

    /** The text without blanks around it; empty if it is absent, unreadable or empty. Cut off at 1 MiB. */
    static Optional<String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
