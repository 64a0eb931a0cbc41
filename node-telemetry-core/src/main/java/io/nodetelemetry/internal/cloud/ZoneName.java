package io.nodetelemetry.internal.cloud;

/** Names of zones that are made of the region's name and a suffix, such as {@code us-south-1}. */
final class ZoneName {
    private ZoneName() {}

    /** What is before the last dash; the whole name if it has none. */
    static String region(String zone) {
        int dash = zone.lastIndexOf('-');
        return dash > 0 ? zone.substring(0, dash) : zone;
    }
}
