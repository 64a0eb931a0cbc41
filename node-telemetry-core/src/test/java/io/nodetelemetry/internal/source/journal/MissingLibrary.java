package io.nodetelemetry.internal.source.journal;

import io.nodetelemetry.internal.ffm.Decompressor;
import io.nodetelemetry.internal.ffm.LibraryUnavailableException;

/** A library that is not installed. */
final class MissingLibrary implements Unpacking.Library {
    @Override
    public Decompressor open() throws LibraryUnavailableException {
        throw new LibraryUnavailableException("libx.so.1 not found: install libx", null);
    }
}
