/** Pressure stall information, whose files look alike below {@code /proc/pressure} and in cgroups. */
package io.nodetelemetry.internal.source.pressure;
