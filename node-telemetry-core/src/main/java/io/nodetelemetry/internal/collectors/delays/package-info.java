/** How long the tasks of containers waited for a CPU and for block I/O. */
package io.nodetelemetry.internal.collectors.delays;
