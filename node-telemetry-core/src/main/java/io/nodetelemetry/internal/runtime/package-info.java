/** Container runtimes: what they say of their containers, one client per file; returns {@code model} values. */
package io.nodetelemetry.internal.runtime;
