/** The cgroup file systems: which are mounted, what cgroups they hold; returns {@code model} values. */
package io.nodetelemetry.internal.source.cgroupfs;
