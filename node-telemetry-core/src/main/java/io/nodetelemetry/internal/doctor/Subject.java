package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import io.nodetelemetry.model.Diagnosis.Status;
import java.util.Optional;

/**
 * The part of a diagnosis that does not depend on what is found.
 *
 * @param check its name
 * @param neededFor what does not work without it
 * @param essential whether TCP cannot be counted by container without it
 */
record Subject(String check, String neededFor, boolean essential) {
    static Subject essential(String check, String neededFor) {
        return new Subject(check, neededFor, true);
    }

    static Subject useful(String check, String neededFor) {
        return new Subject(check, neededFor, false);
    }

    Diagnosis ok(String found) {
        return new Diagnosis(check, Status.OK, found, neededFor, Optional.empty(), essential);
    }

    Diagnosis warn(String found, String remedy) {
        return new Diagnosis(check, Status.WARN, found, neededFor, Optional.of(remedy), essential);
    }

    Diagnosis missing(String found, String remedy) {
        return new Diagnosis(check, Status.MISSING, found, neededFor, Optional.of(remedy), essential);
    }
}
