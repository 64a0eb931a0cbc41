/** Immutable ids and observations; no I/O, nothing but the JDK. */
package io.nodetelemetry.model;
