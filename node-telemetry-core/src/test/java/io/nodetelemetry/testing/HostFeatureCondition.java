package io.nodetelemetry.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a test whose {@link Requires} the host does not meet, or fails it when nothing may be skipped. */
final class HostFeatureCondition implements ExecutionCondition {
    /** Set to {@code true}, an unmet need is a failure. */
    static final String REQUIRED = "nodetelemetry.tests.required";

    private final Function<HostFeature, Optional<String>> missing;

    HostFeatureCondition() {
        this(feature -> feature.missing(Path.of("/")));
    }

    HostFeatureCondition(Function<HostFeature, Optional<String>> missing) {
        this.missing = missing;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean required = context.getConfigurationParameter(REQUIRED)
                .map(Boolean::parseBoolean)
                .orElse(false);
        List<String> reasons = context.getElement().stream()
                .flatMap(element -> AnnotationSupport.findRepeatableAnnotations(element, Requires.class).stream())
                .flatMap(requires -> Stream.of(requires.value()))
                .distinct()
                .flatMap(feature -> missing.apply(feature).stream())
                .toList();
        ConditionEvaluationResult result = decide(context.getDisplayName(), reasons, required);
        if (result.isDisabled()) {
            // Surefire's console shows the number of skipped tests and keeps the reason to its report.
            System.out.println("skipped " + context.getDisplayName() + ": "
                    + result.getReason().orElse(""));
        }
        return result;
    }

    static ConditionEvaluationResult decide(String test, List<String> reasons, boolean required) {
        if (reasons.isEmpty()) {
            return ConditionEvaluationResult.enabled("the host has what the test needs");
        }
        String reason = String.join("; ", reasons);
        if (required) {
            throw new ExtensionConfigurationException(test + " may not be skipped (" + REQUIRED + "): " + reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
