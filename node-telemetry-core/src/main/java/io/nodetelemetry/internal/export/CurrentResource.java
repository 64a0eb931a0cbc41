package io.nodetelemetry.internal.export;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who speaks, as the SDK's resource. It is asked for at each export, because some of it, such as the cloud, is learned
 * after the start. Safe for use by several threads.
 */
final class CurrentResource {
    private final Supplier<Map<String, String>> attributes;
    private volatile Made made = new Made(Map.of(), Resource.empty());

    private record Made(Map<String, String> attributes, Resource resource) {}

    /**
     * Asks nothing yet.
     *
     * @param attributes must not block, and return maps that stay as they are
     */
    CurrentResource(Supplier<Map<String, String>> attributes) {
        this.attributes = attributes;
    }

    /** The resource of now; the same object as long as it says the same. */
    Resource get() {
        Map<String, String> now = attributes.get();
        Made last = made;
        if (!last.attributes().equals(now)) {
            AttributesBuilder builder = Attributes.builder();
            now.forEach(builder::put);
            last = new Made(now, Resource.create(builder.build()));
            made = last;
        }
        return last.resource();
    }
}
