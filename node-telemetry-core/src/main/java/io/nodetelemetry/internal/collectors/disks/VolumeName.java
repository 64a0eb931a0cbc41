package io.nodetelemetry.internal.collectors.disks;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The volume of Kubernetes behind a mount, told by the path that the kubelet gave it on the host:
 *
 * <pre>
 * /var/lib/kubelet/pods/‹uid›/volumes/kubernetes.io~nfs/backup            provisioner nfs, volume backup
 * /var/lib/kubelet/pods/‹uid›/volumes/kubernetes.io~csi/pvc-‹uuid›/mount  provisioner csi, volume pvc-‹uuid›
 * /opt/local-path-provisioner/pvc-‹uuid›_default_data                     volume pvc-‹uuid›
 * </pre>
 *
 * @param provisioner who made it; empty if unknown
 * @param volume its name; empty for mounts that are no volume of Kubernetes
 */
record VolumeName(String provisioner, String volume) {
    static final VolumeName NONE = new VolumeName("", "");

    private static final Pattern KUBELET = Pattern.compile("/volumes/kubernetes\\.io~([^/]+)/([^/]+)");
    private static final Pattern CLAIM =
            Pattern.compile("pvc-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** They are made of the pod's own description and share the node's disk. */
    private static final Set<String> NOT_PROVISIONED =
            Set.of("secret", "configmap", "empty-dir", "projected", "downward-api");

    /** A path on the host, or the root of a mount within its file system. */
    static VolumeName of(String source) {
        Matcher kubelet = KUBELET.matcher(source);
        if (kubelet.find()) {
            return NOT_PROVISIONED.contains(kubelet.group(1))
                    ? NONE
                    : new VolumeName(kubelet.group(1), kubelet.group(2));
        }
        Matcher claim = CLAIM.matcher(source);
        return claim.find() ? new VolumeName("", claim.group()) : NONE;
    }
}
