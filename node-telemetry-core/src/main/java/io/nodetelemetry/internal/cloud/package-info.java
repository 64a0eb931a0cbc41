/** Which cloud the machine is in, and what the cloud's metadata service says about it, one provider per file. */
package io.nodetelemetry.internal.cloud;
