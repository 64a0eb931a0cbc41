package io.nodetelemetry.internal.runtime.grpc;

/** A header or trailer. */
record HeaderField(String name, String value) {
    /** What it takes up in a table by HPACK's reckoning (RFC 7541, section 4.1). */
    int size() {
        return name.length() + value.length() + 32;
    }
}
