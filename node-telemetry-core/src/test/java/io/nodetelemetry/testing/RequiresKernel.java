package io.nodetelemetry.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test that loads programs into the running kernel: needs root, BTF and libbpf. Tagged {@code kernel}. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("kernel")
@Requires({HostFeature.ROOT, HostFeature.BTF, HostFeature.LIBBPF})
public @interface RequiresKernel {}
