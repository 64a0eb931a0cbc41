/** Executable files: what compiled them, as far as their sections tell; uses nothing but the JDK. */
package io.nodetelemetry.internal.source.elf;
