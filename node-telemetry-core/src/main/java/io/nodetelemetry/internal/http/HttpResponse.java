package io.nodetelemetry.internal.http;

import java.nio.charset.StandardCharsets;

/** An HTTP answer that was read to its end. */
public final class HttpResponse {
    private static final int EXCERPT = 200;

    private final int status;
    private final byte[] body;

    HttpResponse(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    /** 100 to 599. */
    public int status() {
        return status;
    }

    /** Decoded from chunks; not copied. */
    public byte[] body() {
        return body;
    }

    /** The beginning of the body as one printable line, for messages. */
    public String excerpt() {
        return new String(body, 0, Math.min(EXCERPT, body.length), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
    }
}
