/** Which cloud instance the node is. */
package io.nodetelemetry.internal.collectors.cloud;
