/** Runs the collectors; each concern has a package of its own below. */
package io.nodetelemetry.internal.collectors;
