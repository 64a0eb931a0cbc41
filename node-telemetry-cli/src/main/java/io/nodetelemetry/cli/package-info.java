/** Flags and environment variables to the builder, then run or examine, then an exit code. */
package io.nodetelemetry.cli;
