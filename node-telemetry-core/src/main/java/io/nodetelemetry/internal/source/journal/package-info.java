/** Reads the entries of systemd's journal out of its files, which are never mapped into memory. */
@NullMarked
package io.nodetelemetry.internal.source.journal;

import org.jspecify.annotations.NullMarked;
