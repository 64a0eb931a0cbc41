/** Reading HTTP answers from a side that is not trusted; whoever asks brings the connection. */
package io.nodetelemetry.internal.http;
