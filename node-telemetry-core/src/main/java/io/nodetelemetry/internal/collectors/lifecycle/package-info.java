/** What comes and goes on the node, as the kernel tells it. */
package io.nodetelemetry.internal.collectors.lifecycle;
