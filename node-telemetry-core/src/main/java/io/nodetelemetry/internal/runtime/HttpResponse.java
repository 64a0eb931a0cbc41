package io.nodetelemetry.internal.runtime;

import java.nio.charset.StandardCharsets;

/** An HTTP answer that was read to its end. */
final class HttpResponse {
    private static final int EXCERPT = 200;

    private final int status;
    private final byte[] body;

    HttpResponse(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    /** 100 to 599. */
    int status() {
        return status;
    }

    /** Decoded from chunks; not copied. */
    byte[] body() {
        return body;
    }

    /** The beginning of the body as one printable line, for messages. */
    String excerpt() {
        return new String(body, 0, Math.min(EXCERPT, body.length), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
    }
}
