package io.nodetelemetry.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test that runs systemd in a Docker container: needs root, dockerd, systemd and dbus. Tagged {@code systemd}. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("systemd")
@Requires({HostFeature.ROOT, HostFeature.DOCKERD, HostFeature.SYSTEMD})
public @interface RequiresSystemd {}
