/** Follows files that grow and are rotated, and loses no line of them. */
@NullMarked
package io.nodetelemetry.internal.source.logfile;

import org.jspecify.annotations.NullMarked;
