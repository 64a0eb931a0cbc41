package io.nodetelemetry.internal.state;

import io.nodetelemetry.model.ContainerId;
import io.nodetelemetry.model.ContainerRuntime;
import io.nodetelemetry.model.UnitProperties;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which containers are reported. Expressions are searched for anywhere in the id.
 *
 * @param deny left out if one of these is found; asked first
 * @param allow if not empty, left out unless one of these is found
 * @param minAge how long a container must have run, counted from the first of its name that is remembered
 * @param skipSystemServices whether the services of the operating system are left out
 */
public record ContainerSelection(List<Pattern> deny, List<Pattern> allow, Duration minAge, boolean skipSystemServices) {
    /** Leaves out nothing. */
    public static final ContainerSelection ALL = new ContainerSelection(List.of(), List.of(), Duration.ZERO, false);

    public ContainerSelection {
        deny = List.copyOf(deny);
        allow = List.copyOf(allow);
    }

    /**
     * The same from the text of the expressions.
     *
     * @throws java.util.regex.PatternSyntaxException if one is none
     */
    public static ContainerSelection of(
            List<String> deny, List<String> allow, Duration minAge, boolean skipSystemServices) {
        return new ContainerSelection(
                deny.stream().map(Pattern::compile).toList(),
                allow.stream().map(Pattern::compile).toList(),
                minAge,
                skipSystemServices);
    }

    /** Whether what systemd says of the unit decides, so that it is worth waiting for. */
    boolean needsUnit(ContainerKey key) {
        return skipSystemServices && key.runtime() == ContainerRuntime.SYSTEMD;
    }

    /**
     * Whether a container may be reported, its age apart.
     *
     * @param unit what systemd said; empty if it said nothing, then the name alone decides
     */
    boolean admits(ContainerKey key, ContainerId name, Optional<UnitProperties> unit) {
        String id = name.value();
        if (deny.stream().anyMatch(pattern -> pattern.matcher(id).find())) {
            return false;
        }
        if (!allow.isEmpty()
                && allow.stream().noneMatch(pattern -> pattern.matcher(id).find())) {
            return false;
        }
        return !(needsUnit(key) && SystemService.is(id, unit));
    }
}
