package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reading of small files that may be gone, or whose process may be. */
final class ProcFiles {
    private ProcFiles() {}

    /** Up to {@code limit} bytes; empty if there is no such file or its process exited while it was read. */
    static Optional<byte[]> read(Path file, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(limit));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // ESRCH has no exception of its own.
            if (e.getMessage() != null && e.getMessage().contains("No such process")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The file's only line without blanks around it; empty if it cannot be read or says nothing. */
    static Optional<String> line(Path file) {
        try {
            return read(file, 4_096)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                    .filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
