/** Sizes of file systems, asked for on threads that can be spared: one that hangs delays nobody but itself. */
package io.nodetelemetry.internal.source.statfs;
