/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many destinations in two words: "HOST+N" is N addresses from HOST on, "FIRST-LAST" that many ports. A route to the
 * loopback device ("ip route add local 10.1.0.0/16 dev lo") makes one listener answer on all of a network's addresses.
 */
#ifndef TARGETS_H
#define TARGETS_H

#include "address.h"

struct targets {
	struct address first;
	unsigned long hosts;
	unsigned long ports;
};

static inline bool targets_parse_number(const char *text, unsigned long most, unsigned long *out)
{
	char *end;

	*out = strtoul(text, &end, 10);
	return *text != '\0' && *end == '\0' && *out >= 1 && *out <= most;
}

/* The last 32 bits of the first address, host order. */
static inline unsigned int targets_host_word(const struct targets *targets)
{
	const struct sockaddr_in *in = (const void *)&targets->first.storage;
	const struct sockaddr_in6 *in6 = (const void *)&targets->first.storage;

	return ntohl(in->sin_family == AF_INET6 ? in6->sin6_addr.s6_addr32[3] :
						  in->sin_addr.s_addr);
}

static inline bool targets_parse(const char *host, const char *port, struct targets *out)
{
	char first_host[64], first_port[8];
	const char *plus = strchr(host, '+'), *dash = strchr(port, '-');
	size_t host_length = plus ? (size_t)(plus - host) : strlen(host);
	size_t port_length = dash ? (size_t)(dash - port) : strlen(port);
	unsigned long last;

	if (host_length >= sizeof(first_host) || port_length >= sizeof(first_port))
		return false;
	memcpy(first_host, host, host_length);
	first_host[host_length] = '\0';
	memcpy(first_port, port, port_length);
	first_port[port_length] = '\0';
	out->hosts = 1;
	if (!address_parse(first_host, first_port, &out->first) ||
	    (plus && !targets_parse_number(plus + 1, 1UL << 24, &out->hosts)))
		return false;
	last = address_port(&out->first);
	if (dash && !targets_parse_number(dash + 1, 65535, &last))
		return false;
	out->ports = last - address_port(&out->first) + 1;
	return last >= address_port(&out->first) &&
	       targets_host_word(out) + (out->hosts - 1) <= 0xffffffffUL;
}

/* The one whose turn it is: all addresses with the first port, then all with the next. */
static inline struct address targets_at(const struct targets *targets, unsigned long turn)
{
	struct address address = targets->first;
	struct sockaddr_in *in = (void *)&address.storage;
	struct sockaddr_in6 *in6 = (void *)&address.storage;
	unsigned int word = htonl(targets_host_word(targets) + turn % targets->hosts);
	unsigned int port = htons(address_port(&address) + turn / targets->hosts % targets->ports);

	if (in->sin_family == AF_INET6) {
		in6->sin6_addr.s6_addr32[3] = word;
		in6->sin6_port = port;
	} else {
		in->sin_addr.s_addr = word;
		in->sin_port = port;
	}
	return address;
}

#endif
