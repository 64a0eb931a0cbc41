/**
 * The agent as a user runs it, from the kernel to the scrape: the built distribution in a process of its own, real
 * containers, real connections, real receivers.
 */
package io.nodetelemetry.cli.endtoend;
