package io.nodetelemetry.internal.source.elf;

import java.io.IOException;

/** The file is no ELF file, or is cut off or damaged where it was read. */
public final class ElfFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    ElfFormatException(String message) {
        super(message);
    }
}
