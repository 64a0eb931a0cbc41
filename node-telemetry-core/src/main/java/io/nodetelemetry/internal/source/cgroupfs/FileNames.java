package io.nodetelemetry.internal.source.cgroupfs;

import io.nodetelemetry.model.CgroupPath;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * File names as the kernel has them, bytes in UTF-8, whatever the locale of this process: under {@code LANG=C} the JDK
 * decodes file names as ASCII, while the BPF programs and procfs deliver the bytes.
 *
 * <p>A file URI is the one place where the JDK shows these bytes and takes them.
 */
final class FileNames {
    private FileNames() {}

    /** The last component; what is not UTF-8 is replaced. */
    static String of(Path file) {
        String decoded = file.getFileName().toString();
        if (isAscii(decoded)) {
            return decoded;
        }
        String raw = file.toUri().getRawPath();
        int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
        return percentDecoded(raw.substring(raw.lastIndexOf('/', end - 1) + 1, end));
    }

    /** The directory of a cgroup; empty if no file can have that name, or if it would lie outside the root. */
    static Optional<Path> resolve(Path root, CgroupPath cgroup) {
        String relative = cgroup.value().substring(1);
        if (("/" + relative + "/").contains("/../") || relative.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        if (relative.isEmpty()) {
            return Optional.of(root);
        }
        try {
            return Optional.of(
                    isAscii(relative)
                            ? root.resolve(relative)
                            : Path.of(URI.create(directoryUri(root) + percentEncoded(relative))));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The same as the kernel takes it, without a slash at the end. */
    static Optional<byte[]> bytes(Path root, CgroupPath cgroup) {
        return resolve(root, cgroup).map(directory -> {
            String raw = directory.toAbsolutePath().toUri().getRawPath();
            return percentDecodedBytes(raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw);
        });
    }

    private static String directoryUri(Path root) {
        String uri = root.toUri().toString();
        return uri.endsWith("/") ? uri : uri + '/';
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String percentDecoded(String text) {
        return new String(percentDecodedBytes(text), StandardCharsets.UTF_8);
    }

    private static byte[] percentDecodedBytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static String percentEncoded(String path) {
        StringBuilder out = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b == '/' || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
            out.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
        }
        return out.toString();
    }
}
