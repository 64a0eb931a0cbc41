package io.nodetelemetry.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs a test only where the host has these features; usually through {@link RequiresKernel} or {@link RequiresDocker}. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(Requires.All.class)
@ExtendWith(HostFeatureCondition.class)
public @interface Requires {
    /** What the host must have. */
    HostFeature[] value();

    /** Several annotations that each bring their own needs. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @ExtendWith(HostFeatureCondition.class)
    @interface All {
        /** Each one's needs. */
        Requires[] value();
    }
}
