/** What the sources share: text as the kernel writes it, and the way into other network namespaces. */
package io.nodetelemetry.internal.source;
