/** The catalog of metrics and the snapshot that outlets read. */
package io.nodetelemetry.internal.metrics;
