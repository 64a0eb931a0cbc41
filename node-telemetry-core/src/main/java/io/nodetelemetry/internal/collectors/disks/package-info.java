/** The file systems that containers write to or have as volumes: their sizes, and the containers' I/O on their disks. */
package io.nodetelemetry.internal.collectors.disks;
