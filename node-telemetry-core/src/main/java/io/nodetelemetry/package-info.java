/** {@code NodeTelemetry}, its builder and its configuration; wiring and lifecycle. */
package io.nodetelemetry;
