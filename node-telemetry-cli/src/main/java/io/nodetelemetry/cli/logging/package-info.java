/** The backend of the library's logging: one line per event on standard error. */
package io.nodetelemetry.cli.logging;
