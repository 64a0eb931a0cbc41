package io.nodetelemetry.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test that starts a journald of its own: needs root and systemd's programs. Tagged {@code journald}. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("journald")
@Requires({HostFeature.ROOT, HostFeature.JOURNALD})
public @interface RequiresJournald {}
