/** JMH benchmarks, and small programs that measure a whole process. Run by {@code make bench}; never part of a build. */
@NullMarked
package io.nodetelemetry.benchmarks;

import org.jspecify.annotations.NullMarked;
