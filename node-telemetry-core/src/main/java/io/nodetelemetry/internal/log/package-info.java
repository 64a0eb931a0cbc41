/** What a log line says: its message, its level and its pattern, as pure functions of its bytes. */
@NullMarked
package io.nodetelemetry.internal.log;

import org.jspecify.annotations.NullMarked;
