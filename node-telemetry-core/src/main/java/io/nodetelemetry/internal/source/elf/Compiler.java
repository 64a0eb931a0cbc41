package io.nodetelemetry.internal.source.elf;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What compiled an executable, where the executable runs by itself and so says nothing else of its language. */
public enum Compiler {
    GO,
    RUST;

    /** Written by Go's linker since 1.13, for {@code go version}; stays when symbols are stripped. */
    private static final String GO_BUILD_INFO = ".go.buildinfo";
    /** One line per compiler that took part (gcc -fident); rustc adds its own since 1.76. Stays too. */
    private static final String COMMENT = ".comment";

    private static final int MAX_COMMENT = 4_096;

    /**
     * Looks into an executable; empty if it is of another language, or was stripped of what would tell.
     *
     * @throws ElfFormatException if it is no ELF file or is damaged
     */
    public static Optional<Compiler> of(SeekableByteChannel executable) throws IOException {
        ElfSections sections = ElfSections.read(executable);
        if (sections.has(GO_BUILD_INFO)) {
            return Optional.of(GO);
        }
        return sections.content(COMMENT, MAX_COMMENT)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .filter(text -> text.contains("rustc version"))
                .map(text -> RUST);
    }
}
