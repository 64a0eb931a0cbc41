package io.nodetelemetry.internal.source.procfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes that live, by the names of their directories. */
public final class ProcessIds {
    /** Nine digits always fit; the kernel's own limit is 2^22. */
    private static final int MAX_DIGITS = 9;

    private ProcessIds() {}

    /**
     * Lists them, in no particular order; such as start or end meanwhile may be missing.
     *
     * @throws IOException if procfs cannot be listed
     */
    public static List<Integer> list(Path procRoot) throws IOException {
        List<Integer> ids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(procRoot)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.length() <= MAX_DIGITS && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    ids.add(Integer.parseInt(name));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return ids;
    }
}
