package io.nodetelemetry.internal.source.journal;

import io.nodetelemetry.internal.source.journal.JournalDrops.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of one journal. That of the system has a fixed name until it is full, then it is renamed and a new one is
 * made; those of users likewise. A file is known by what it is, so renaming changes nothing. Where a file system knows no
 * attributes, such as tmpfs of older kernels, journald puts a copy in the place of a file that is full: it has the same id.
 */
final class JournalDirectory implements AutoCloseable {
    private static final int MAX_OPEN = 256;
    private static final int MAX_NAMES = 16_384;

    private record Listed(Path path, String name, BasicFileAttributes attributes) {}

    private final Path path;
    private final boolean isVolatile;
    private final boolean fromBeginning;
    private final Timeline timeline;
    private final Workspace workspace;
    private final JournalDrops drops;
    private final Map<Object, JournalFile> open = new HashMap<>();
    private final List<JournalFile> inOrder = new ArrayList<>();

    /** Archives that were read; their names are given once. */
    private final Set<String> done = new HashSet<>();

    private final Set<Object> refused = new HashSet<>();
    /** What was there before we began and could not be opened. */
    private final Set<Object> hidden = new HashSet<>();

    private final Set<Object> absent = new HashSet<>();
    private final ChangeTime changes;

    JournalDirectory(
            Path path,
            boolean isVolatile,
            boolean fromBeginning,
            Timeline timeline,
            Workspace workspace,
            JournalDrops drops) {
        this.path = path;
        this.isVolatile = isVolatile;
        this.fromBeginning = fromBeginning;
        this.timeline = timeline;
        this.workspace = workspace;
        this.drops = drops;
        changes = new ChangeTime(path);
    }

    Timeline timeline() {
        return timeline;
    }

    boolean isVolatile() {
        return isVolatile;
    }

    boolean fromBeginning() {
        return fromBeginning;
    }

    /** Whether there is nothing left to read of it, and it is gone. */
    boolean isGone() {
        return open.isEmpty() && !Files.isDirectory(path);
    }

    /** Fresh headers of the files other than that one; empty if one of them cannot be read. */
    Optional<List<JournalHeader>> headersBeside(JournalFile file) {
        List<JournalHeader> headers = new ArrayList<>();
        for (JournalFile other : inOrder) {
            if (other != file) {
                other.refresh();
                if (other.isFaulty()) {
                    return Optional.empty();
                }
                other.header().ifPresent(headers::add);
            }
        }
        return Optional.of(headers);
    }

    /**
     * Looks for files that are new, renamed or gone, if the directory was changed.
     *
     * @param first whether they were there before we began
     */
    void list(boolean first) {
        if (!changes.sinceLastLook() && absent.isEmpty()) {
            return;
        }
        List<Listed> listed = names();
        Set<Object> present =
                listed.stream().map(file -> file.attributes.fileKey()).collect(Collectors.toSet());
        Set<String> names = new HashSet<>();
        for (Listed file : listed) {
            Object key = file.attributes.fileKey();
            names.add(file.name);
            JournalFile known = open.get(key);
            if (known != null) {
                known.renamed(file.path, isArchive(file.name));
            } else if (!done.contains(file.name)) {
                take(file, key, first, present);
            }
        }
        open.forEach((key, file) -> {
            if (present.contains(key)) {
                absent.remove(key);
            } else if (!absent.add(key)) {
                // A file that is renamed while the names are read can be missed once, and not twice.
                file.removed();
                absent.remove(key);
            }
        });
        absent.retainAll(open.keySet());
        done.retainAll(names);
        refused.retainAll(present);
        hidden.retainAll(present);
        sort();
    }

    private List<Listed> names() {
        List<Listed> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.{journal,journal~}")) {
            for (Path file : files) {
                Listed one = attributes(file);
                if (one != null && found.size() < MAX_NAMES) {
                    found.add(one);
                }
            }
        } catch (NoSuchFileException e) {
            return found;
        } catch (IOException | DirectoryIteratorException e) {
            drops.add(Reason.UNREADABLE_FILE, 1);
        }
        found.sort(Comparator.comparing(file -> file.attributes.lastModifiedTime()));
        return found;
    }

    private static @Nullable Listed attributes(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? new Listed(file, file.getFileName().toString(), attributes)
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** A file that is full bears numbers in its name, one that was found damaged a tilde. */
    private static boolean isArchive(String name) {
        return name.indexOf('@') >= 0 || name.endsWith("~");
    }

    private void take(Listed found, Object key, boolean first, Set<Object> present) {
        boolean archive = isArchive(found.name);
        if (open.size() >= MAX_OPEN) {
            if (archive) {
                changes.lookAgain();
            } else if (refused.add(key)) {
                drops.add(Reason.FILE_OVERFLOW, 1);
            }
            return;
        }
        boolean wasThere = first || hidden.contains(key);
        JournalFile file;
        try {
            file = new JournalFile(found.path, archive, !wasThere, this, workspace, drops);
        } catch (NoSuchFileException e) {
            changes.lookAgain();
            return;
        } catch (IOException e) {
            // The process may have too many files open, for now.
            changes.lookAgain();
            if (first) {
                hidden.add(key);
            }
            if (refused.add(key)) {
                drops.add(Reason.UNREADABLE_FILE, 1);
            }
            return;
        }
        file.refresh();
        if (isCopy(file, found, key, present)) {
            file.close();
            return;
        }
        boolean old = wasThere || (archive && !file.canHoldNew());
        if (!fromBeginning && old) {
            if (wasThere) {
                file.header().ifPresent(header -> timeline.pass(header, isVolatile));
            }
            file.skipToEnd();
            if (archive) {
                file.close();
                done.add(found.name);
                return;
            }
        }
        hidden.remove(key);
        open.put(key, file);
        inOrder.add(file);
    }

    /**
     * Whether it is a copy of a file that is open: that one is read to its end, under the name of the copy if it has none
     * any more. A copy that somebody made beside it is none of our business.
     */
    private boolean isCopy(JournalFile file, Listed found, Object key, Set<Object> present) {
        Object original = original(file);
        if (original == null) {
            return false;
        }
        if (present.contains(original)) {
            done.add(found.name);
            return true;
        }
        JournalFile known = open.remove(original);
        if (known != null) {
            known.renamed(found.path, isArchive(found.name));
            open.put(key, known);
        }
        return true;
    }

    private @Nullable Object original(JournalFile copy) {
        Optional<Id128> id = copy.header().map(JournalHeader::file);
        for (Map.Entry<Object, JournalFile> known : open.entrySet()) {
            if (known.getValue().header().isEmpty()) {
                // Nothing was in it when it was looked at last.
                known.getValue().refresh();
            }
            if (id.isPresent() && id.equals(known.getValue().header().map(JournalHeader::file))) {
                return known.getKey();
            }
        }
        return null;
    }

    /**
     * Reads entries of its files, the oldest first.
     *
     * @param most how many are looked at
     * @return how many were looked at
     */
    int read(JournalEntries to, int most) {
        boolean begun = false;
        for (JournalFile file : inOrder) {
            long before = file.begin();
            file.refresh();
            begun |= before != file.begin();
        }
        if (begun) {
            sort();
        }
        int looked = 0;
        for (JournalFile file : inOrder) {
            looked += file.read(to, most - looked);
            if (looked >= most) {
                return looked;
            }
        }
        open.values().removeIf(this::finish);
        return looked;
    }

    private boolean finish(JournalFile file) {
        if (!file.isDone()) {
            return false;
        }
        if (file.isArchived()) {
            done.add(file.name());
        }
        file.close();
        inOrder.remove(file);
        return true;
    }

    private void sort() {
        inOrder.sort(Comparator.comparingLong(JournalFile::begin));
    }

    @Override
    public void close() {
        open.values().forEach(JournalFile::close);
        open.clear();
        inOrder.clear();
    }
}
