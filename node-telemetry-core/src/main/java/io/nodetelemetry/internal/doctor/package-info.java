/** Examines what the machine offers: one small check per need, over injected roots and probes. */
package io.nodetelemetry.internal.doctor;
