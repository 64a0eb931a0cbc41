/** Messages that containers and services log, counted by level and pattern on a thread of its own. */
package io.nodetelemetry.internal.collectors.logs;
