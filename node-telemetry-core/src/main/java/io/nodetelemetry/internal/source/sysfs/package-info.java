/** Block devices as sysfs shows them. */
package io.nodetelemetry.internal.source.sysfs;
