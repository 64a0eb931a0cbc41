package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import java.util.List;

/** The JVM we run in, and the libraries it is to call. */
final class JvmChecks {
    private static final Subject JAVA = Subject.essential("java", "the Foreign Function & Memory API");
    private static final Subject NATIVE_ACCESS = Subject.useful("native access", "calling libc and libbpf");
    private static final Subject LIBBPF = Subject.essential("libbpf", "loading BPF programs");
    private static final Subject LIBZSTD = Subject.useful("libzstd", "long messages of the journal");

    private JvmChecks() {}

    static List<Diagnosis> all(Host host) {
        return List.of(
                java(host),
                nativeAccess(host),
                library(LIBBPF, host.libbpf(), "install libbpf 1.1 or newer; on Debian: apt install libbpf1"),
                library(LIBZSTD, host.libzstd(), "on Debian: apt install libzstd1"));
    }

    private static Diagnosis java(Host host) {
        String found = host.java().toString();
        return host.java().feature() >= 25 ? JAVA.ok(found) : JAVA.missing(found, "run on Java 25 or newer");
    }

    private static Diagnosis nativeAccess(Host host) {
        return host.nativeAccess()
                ? NATIVE_ACCESS.ok("granted")
                : NATIVE_ACCESS.warn(
                        "not granted; this JDK may still allow it with a warning",
                        "start java with --enable-native-access=io.nodetelemetry (ALL-UNNAMED on the class path)");
    }

    private static Diagnosis library(Subject subject, Host.Library library, String remedy) {
        try {
            return subject.ok(library.version());
        } catch (Exception e) {
            return subject.missing(String.valueOf(e.getMessage()), remedy);
        }
    }
}
