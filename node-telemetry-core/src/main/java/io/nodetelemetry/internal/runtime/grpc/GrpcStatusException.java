package io.nodetelemetry.internal.runtime.grpc;

import java.io.IOException;

/** The server answered with a status other than OK. */
public final class GrpcStatusException extends IOException {
    /** What was asked for is not there. */
    public static final int NOT_FOUND = 5;

    /** The server has no such method or service. */
    public static final int UNIMPLEMENTED = 12;

    private static final long serialVersionUID = 1;

    private final int code;

    GrpcStatusException(int code, String method, String message) {
        super(method + " answered with gRPC status " + code + (message.isEmpty() ? "" : ": " + message));
        this.code = code;
    }

    /** The status code as in gRPC's statuscodes.md; never 0. */
    public int code() {
        return code;
    }
}
