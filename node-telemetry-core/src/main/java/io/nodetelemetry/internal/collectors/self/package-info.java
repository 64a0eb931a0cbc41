/** What the agent says of itself. */
package io.nodetelemetry.internal.collectors.self;
