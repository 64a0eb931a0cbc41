/** Files of procfs and its neighbours, one class per file; returns {@code model} values. */
package io.nodetelemetry.internal.source.procfs;
