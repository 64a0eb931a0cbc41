/** Our BPF programs as sources: loads them, attaches them, decodes their maps and events. */
package io.nodetelemetry.internal.source.bpf;
