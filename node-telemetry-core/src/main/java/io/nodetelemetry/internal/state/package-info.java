/** What is known of containers: one writer, no I/O; uses {@code model} alone. */
package io.nodetelemetry.internal.state;
