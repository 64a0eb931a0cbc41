/** Which containers and services there are, and which of them the kernel had to kill processes of. */
package io.nodetelemetry.internal.collectors.containers;
