package io.nodetelemetry.testing;

/** Bytes that are not the ELF object or the BTF they should be; the message says which part. */
public final class BtfFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BtfFormatException(String message) {
        super(message);
    }
}
