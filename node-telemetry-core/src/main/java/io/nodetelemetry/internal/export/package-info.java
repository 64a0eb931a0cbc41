/**
 * Outlets over one snapshot: Prometheus text, OTLP, any reader of the OpenTelemetry SDK, instruments of a host's
 * {@code OpenTelemetry}. The only importer of the SDK.
 *
 * <p>All outlets show the same series. A series' labels are the table's keys and the snapshot's constant labels, sorted
 * by key; the table's win where a key is in both. An empty value is written like any other ({@code proxy=""}), as the
 * OpenTelemetry exporter does: to Prometheus it equals an absent label, and readers by position keep their place. A
 * lone surrogate becomes {@code ?}, as in every encoder of the JDK and of OpenTelemetry.
 */
package io.nodetelemetry.internal.export;
