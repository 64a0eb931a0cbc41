/** What containers use of CPU and memory, what they may use, and for how long they wait. */
package io.nodetelemetry.internal.collectors.resources;
