/** What the sources share: text as the kernel writes it. */
package io.nodetelemetry.internal.source;
