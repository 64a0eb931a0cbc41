package io.nodetelemetry.internal.ffm;

/** libsystemd, the library that reads the journal (sd-journal(3)). Nothing of it is called yet. */
public final class Libsystemd {
    private static final String SONAME = "libsystemd.so.0";

    private Libsystemd() {}

    /**
     * Finds the library and leaves it loaded.
     *
     * @return its soname, as it has no function that tells its version
     * @throws LibraryUnavailableException if it is missing, or native access is not granted
     */
    public static String find() throws LibraryUnavailableException {
        CLibrary.open(SONAME, "install libsystemd0 (Debian) or systemd-libs (Fedora)");
        return SONAME;
    }
}
