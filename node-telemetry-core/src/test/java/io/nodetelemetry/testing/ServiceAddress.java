package io.nodetelemetry.testing;

import java.util.List;
import java.util.Locale;

/** Destination NAT as proxies of clusters set it up: an address that nobody has, spread over backends in turn. */
public enum ServiceAddress {
    /** By nftables. */
    NFT {
        @Override
        public void spread(TestHost host, boolean ipv6, String service, int port, List<String> backends, int to) {
            String family = ipv6 ? "ip6" : "ip";
            StringBuilder map = new StringBuilder();
            for (int i = 0; i < backends.size(); i++) {
                map.append(i == 0 ? "" : ", ").append(i).append(" : ").append(backends.get(i));
            }
            host.nft(String.format(
                    Locale.ROOT,
                    "table %s service { chain out { type nat hook output priority -100; policy accept;"
                            + " %s daddr %s tcp dport %d dnat to numgen inc mod %d map { %s } : %d; }; }",
                    family,
                    family,
                    service,
                    port,
                    backends.size(),
                    map,
                    to));
        }
    },

    /** By iptables. */
    IPTABLES {
        @Override
        public void spread(TestHost host, boolean ipv6, String service, int port, List<String> backends, int to) {
            for (int i = 0; i < backends.size(); i++) {
                String target = ipv6 ? "[" + backends.get(i) + "]" : backends.get(i);
                // A rule sees what those before it left: the last one takes all of it.
                host.run(("%s --wait -t nat -A OUTPUT -d %s -p tcp --dport %d"
                                        + " -m statistic --mode nth --every %d --packet 0 -j DNAT --to-destination %s:%d")
                                .formatted(
                                        ipv6 ? "ip6tables" : "iptables", service, port, backends.size() - i, target, to)
                                .split(" ", -1))
                        .succeeded();
            }
        }
    };

    /**
     * Translates what programs of this host send to the service.
     *
     * @param service an address of {@link TestHost#SERVICES_IPV4} or of {@link TestHost#SERVICES_IPV6}
     * @param to the port of every backend
     */
    public abstract void spread(TestHost host, boolean ipv6, String service, int port, List<String> backends, int to);
}
