package io.nodetelemetry.internal.runtime.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes header blocks in HPACK's plainest form: nothing compressed, nothing to be remembered by the peer. */
final class HpackWriter {
    private static final int PREFIX_LIMIT = 127;

    private HpackWriter() {}

    /** A block of these fields in their order. */
    static byte[] block(Map<String, String> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        fields.forEach((name, value) -> {
            // Literal field without indexing, new name.
            out.write(0);
            text(out, name);
            text(out, value);
        });
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int rest = bytes.length - PREFIX_LIMIT;
        out.write(Math.min(bytes.length, PREFIX_LIMIT));
        if (rest >= 0) {
            while (rest > 0x7f) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }
}
