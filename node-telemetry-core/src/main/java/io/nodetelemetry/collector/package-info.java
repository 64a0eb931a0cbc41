/** What a collector is, what it is given and what it returns: the extension point, and the shape of all metrics. */
package io.nodetelemetry.collector;
