package io.nodetelemetry.internal.cloud;

import java.util.Optional;
import java.util.stream.Stream;

/** A cloud whose metadata service is understood. */
public enum CloudProvider {
    AWS("AWS", "aws", "aws_ec2"),
    GCP("GCP", "gcp", "gcp_compute_engine"),
    AZURE("Azure", "azure", "azure.vm"),
    DIGITAL_OCEAN("DigitalOcean", "digitalocean", ""),
    HETZNER("Hetzner", "hetzner", "hetzner.cloud_server"),
    ALIBABA("Alibaba", "alibaba_cloud", "alibaba_cloud_ecs"),
    SCALEWAY("Scaleway", "scaleway", ""),
    IBM("IBM", "ibm_cloud", ""),
    ORACLE("Oracle", "oracle_cloud", "oracle_cloud_compute");

    private final String label;
    private final String conventionalName;
    private final String platform;

    CloudProvider(String label, String conventionalName, String platform) {
        this.label = label;
        this.conventionalName = conventionalName;
        this.platform = platform;
    }

    /** The provider of that name, whatever its case; empty if it is none of ours. */
    public static Optional<CloudProvider> named(String name) {
        return Stream.of(values())
                .filter(provider -> provider.label.equalsIgnoreCase(name))
                .findFirst();
    }

    /** The value of the label {@code provider}. */
    public String label() {
        return label;
    }

    /** The value of {@code cloud.provider} in OpenTelemetry's semantic conventions, or in their style. */
    public String conventionalName() {
        return conventionalName;
    }

    /** The value of {@code cloud.platform} for a virtual machine; empty if the semantic conventions have none. */
    public Optional<String> platform() {
        return platform.isEmpty() ? Optional.empty() : Optional.of(platform);
    }

    /**
     * What asks it.
     *
     * @param allowImdsV1 whether AWS may be asked without a token
     */
    MetadataSource source(boolean allowImdsV1) {
        return switch (this) {
            case AWS -> new AwsMetadata(allowImdsV1);
            case GCP -> new GcpMetadata();
            case AZURE -> new AzureMetadata();
            case DIGITAL_OCEAN -> new DigitalOceanMetadata();
            case HETZNER -> new HetznerMetadata();
            case ALIBABA -> new AlibabaMetadata();
            case SCALEWAY -> new ScalewayMetadata();
            case IBM -> new IbmMetadata();
            case ORACLE -> new OracleMetadata();
        };
    }
}
