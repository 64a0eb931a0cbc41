/** Netlink: sockets, messages, and the families we speak: rtnetlink, generic netlink, taskstats. */
package io.nodetelemetry.internal.source.netlink;
