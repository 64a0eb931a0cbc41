/** TCP connections and listeners by container. */
package io.nodetelemetry.internal.collectors.tcp;
