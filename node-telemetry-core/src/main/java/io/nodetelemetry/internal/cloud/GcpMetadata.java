package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Compute Engine's metadata server (Compute Engine documentation, "Predefined metadata keys"). */
final class GcpMetadata implements MetadataSource {
    private static final String ROOT = "/computeMetadata/v1/";

    @Override
    public void read(MetadataExchange service, MetadataAnswers answers) throws IOException {
        answers.ask(CloudFact.INSTANCE_ID, () -> value(service, "instance/id"));
        answers.ask(CloudFact.ACCOUNT_ID, () -> value(service, "project/project-id"));
        answers.ask(CloudFact.INSTANCE_TYPE, () -> lastName(value(service, "instance/machine-type")));
        answers.ask(
                CloudFact.INSTANCE_LIFE_CYCLE,
                () -> value(service, "instance/scheduling/preemptible").flatMap(GcpMetadata::lifeCycle));
        answers.ask(CloudFact.LOCAL_IPV4, () -> value(service, "instance/network-interfaces/0/ip"));
        answers.ask(
                CloudFact.PUBLIC_IPV4,
                () -> value(service, "instance/network-interfaces/0/access-configs/0/external-ip"));
        answers.ask(CloudFact.AVAILABILITY_ZONE, () -> {
            Optional<String> zone = lastName(value(service, "instance/zone"));
            answers.put(CloudFact.REGION, zone.map(ZoneName::region));
            return zone;
        });
    }

    private static Optional<String> value(MetadataExchange service, String key) throws IOException {
        return service.text(ROOT + key, "Metadata-Flavor", "Google");
    }

    /** {@code projects/123/zones/europe-west1-b} is {@code europe-west1-b}. */
    private static Optional<String> lastName(Optional<String> resource) {
        return resource.map(path -> path.substring(path.lastIndexOf('/') + 1));
    }

    /** True for spot machines too. */
    private static Optional<String> lifeCycle(String preemptible) {
        return switch (preemptible.toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of("preemptible");
            case "false" -> Optional.of("on-demand");
            default -> Optional.empty();
        };
    }
}
