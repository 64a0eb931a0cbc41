/** How far away the peers of containers are: round-trip times of ICMP echoes, measured on a thread of its own. */
package io.nodetelemetry.internal.collectors.ping;
