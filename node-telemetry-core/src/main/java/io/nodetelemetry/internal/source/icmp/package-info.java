/** ICMP echo requests and replies, and how long the way between them took by the kernel's timestamps. */
package io.nodetelemetry.internal.source.icmp;
