package io.nodetelemetry.internal.collectors.ping;

import io.nodetelemetry.internal.source.icmp.EchoRefusal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Requests that were not sent, and why. For several threads. */
final class PingDrops {
    private final Map<EchoRefusal, Long> counts = new EnumMap<>(EchoRefusal.class);

    synchronized void add(EchoRefusal reason, int requests) {
        counts.merge(reason, (long) requests, Long::sum);
    }

    /** By reason; zeros included. */
    synchronized Map<String, Long> counts() {
        return Arrays.stream(EchoRefusal.values())
                .collect(Collectors.toMap(
                        reason -> reason.name().toLowerCase(Locale.ROOT), reason -> counts.getOrDefault(reason, 0L)));
    }
}
