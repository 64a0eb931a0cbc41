/** What the node itself is. */
package io.nodetelemetry.internal.collectors.node;
