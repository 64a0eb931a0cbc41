package io.nodetelemetry.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test that starts a containerd of its own: needs root, containerd, runc and CNI plugins. Tagged {@code containerd}. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("containerd")
@Requires({HostFeature.ROOT, HostFeature.CONTAINERD})
public @interface RequiresContainerd {}
