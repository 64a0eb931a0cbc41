/** Unary gRPC calls over unix sockets, and the wire format of Protocol Buffers. */
package io.nodetelemetry.internal.runtime.grpc;
