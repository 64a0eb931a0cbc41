package io.nodetelemetry.internal.cloud;

/** Something that can be known about a cloud instance. */
public enum CloudFact {
    /** Whose cloud it is. */
    PROVIDER("provider"),
    /** Who pays: account, project or subscription, in the provider's words. */
    ACCOUNT_ID("account_id"),
    /** The provider's name of the machine. */
    INSTANCE_ID("instance_id"),
    /** The provider's name of its size. */
    INSTANCE_TYPE("instance_type"),
    /** How it was bought: {@code on-demand}, {@code spot}, {@code preemptible} … */
    INSTANCE_LIFE_CYCLE("instance_life_cycle"),
    /** The provider's name of the region. */
    REGION("region"),
    /** The provider's name of the zone within the region. */
    AVAILABILITY_ZONE("availability_zone"),
    /** The zone's name that is the same for all accounts, where the provider makes the difference. */
    AVAILABILITY_ZONE_ID("availability_zone_id"),
    /** First address in the provider's network. */
    LOCAL_IPV4("local_ipv4"),
    /** Address under which the internet reaches it. */
    PUBLIC_IPV4("public_ipv4");

    private final String label;

    CloudFact(String label) {
        this.label = label;
    }

    /** The label of {@code node_cloud_info}. */
    public String label() {
        return label;
    }
}
