package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All checks, in the order in which they are shown. */
public final class Doctor {
    private static final List<Function<Host, List<Diagnosis>>> CHECKS = List.of(
            JvmChecks::all,
            KernelChecks::all,
            CapabilityChecks::all,
            CgroupChecks::all,
            NamespaceChecks::all,
            ServiceChecks::all);

    private Doctor() {}

    /** Examines the host; takes as long as the services make it wait, 2 s each at most. Never throws. */
    public static List<Diagnosis> examine(Host host) {
        List<Diagnosis> diagnoses = new ArrayList<>();
        CHECKS.forEach(check -> diagnoses.addAll(check.apply(host)));
        return List.copyOf(diagnoses);
    }
}
