/** What runs in containers, guessed from the command lines of their processes. */
package io.nodetelemetry.internal.collectors.applications;
