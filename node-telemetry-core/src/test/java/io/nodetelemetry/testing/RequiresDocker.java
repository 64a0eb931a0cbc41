package io.nodetelemetry.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test that starts a docker daemon of its own: needs root and dockerd. Tagged {@code docker}. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("docker")
@Requires({HostFeature.ROOT, HostFeature.DOCKERD})
public @interface RequiresDocker {}
