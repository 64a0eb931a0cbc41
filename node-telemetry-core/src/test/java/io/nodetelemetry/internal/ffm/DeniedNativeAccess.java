package io.nodetelemetry.internal.ffm;

/** Run by {@link LibbpfTest} in a JVM that denies native access. */
final class DeniedNativeAccess {
    private DeniedNativeAccess() {}

    public static void main(String[] args) {
        try {
            System.out.println("loaded " + Libbpf.load().version());
        } catch (LibraryUnavailableException e) {
            System.out.println(e.getMessage());
        }
    }
}
