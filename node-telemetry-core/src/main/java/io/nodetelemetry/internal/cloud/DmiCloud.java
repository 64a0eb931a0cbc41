package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells by the machine's firmware which cloud it is in. Nothing is sent to anybody: the files are the kernel's, under
 * {@code class/dmi/id} (Documentation/ABI/testing/sysfs-firmware-dmi-tables, SMBIOS fields) and {@code hypervisor/uuid}
 * (Documentation/ABI/stable/sysfs-hypervisor-xen).
 */
public final class DmiCloud {
    /** What Azure writes into the asset tag of all its machines. */
    private static final String AZURE_ASSET_TAG = "7783-7084-3265-9085-8269-3286-77";

    private static final int LIMIT = 4_096;

    private final Path sysRoot;

    private DmiCloud(Path sysRoot) {
        this.sysRoot = sysRoot;
    }

    /**
     * Looks at the files.
     *
     * @param sysRoot usually {@code /sys}
     * @return empty if none of them names a cloud that is known, or if there are none
     */
    public static Optional<CloudProvider> detect(Path sysRoot) {
        return new DmiCloud(sysRoot).detect();
    }

    private Optional<CloudProvider> detect() {
        if (line("hypervisor/uuid").regionMatches(true, 0, "ec2", 0, 3)) {
            return Optional.of(CloudProvider.AWS);
        }
        return byBoard().or(this::bySystem).or(this::byChassis);
    }

    private Optional<CloudProvider> byBoard() {
        return switch (dmi("board_vendor")) {
            case "Amazon EC2" -> Optional.of(CloudProvider.AWS);
            // Chromebooks are Google's too, and have a name of their own.
            case "Google" -> isUnsaidOr("product_name", "Google") ? Optional.of(CloudProvider.GCP) : Optional.empty();
            // So are other people's Hyper-V machines Microsoft's, with an asset tag of their own.
            case "Microsoft Corporation" ->
                isUnsaidOr("chassis_asset_tag", AZURE_ASSET_TAG) ? Optional.of(CloudProvider.AZURE) : Optional.empty();
            case "DigitalOcean" -> Optional.of(CloudProvider.DIGITAL_OCEAN);
            default -> Optional.empty();
        };
    }

    private Optional<CloudProvider> bySystem() {
        return switch (dmi("sys_vendor")) {
            case "Hetzner" -> Optional.of(CloudProvider.HETZNER);
            case "Alibaba Cloud" -> Optional.of(CloudProvider.ALIBABA);
            case "Scaleway" -> Optional.of(CloudProvider.SCALEWAY);
            case "DigitalOcean" -> Optional.of(CloudProvider.DIGITAL_OCEAN);
            default -> Optional.empty();
        };
    }

    private Optional<CloudProvider> byChassis() {
        if (dmi("chassis_vendor").startsWith("IBM:Cloud Compute Server")) {
            return Optional.of(CloudProvider.IBM);
        }
        return dmi("chassis_asset_tag").equals("OracleCloud.com")
                ? Optional.of(CloudProvider.ORACLE)
                : Optional.empty();
    }

    private boolean isUnsaidOr(String file, String beginning) {
        String text = dmi(file);
        return text.isEmpty() || text.startsWith(beginning);
    }

    private String dmi(String file) {
        return line("class/dmi/id/" + file);
    }

    /** The text without blanks around it; empty if it is absent, unreadable or empty. */
    private String line(String file) {
        try (InputStream in = Files.newInputStream(sysRoot.resolve(file))) {
            return new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
