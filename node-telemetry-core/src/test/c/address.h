/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numeric addresses only. Name resolution would drag the name service switch, and with it connections of its own, into
 * a static program whose connections are counted.
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct address {
	struct sockaddr_storage storage;
	socklen_t length;
};

/* "::ffff:a.b.c.d" stays AF_INET6: that is how an IPv4-mapped destination is dialled. */
static inline bool address_parse(const char *host, const char *port_text, struct address *out)
{
	char *end;
	unsigned long port = strtoul(port_text, &end, 10);

	memset(out, 0, sizeof(*out));
	if (*port_text == '\0' || *end != '\0' || port > 65535)
		return false;
	if (strchr(host, ':')) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&out->storage;

		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		out->length = sizeof(*in6);
		return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1;
	}
	struct sockaddr_in *in = (struct sockaddr_in *)&out->storage;

	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	out->length = sizeof(*in);
	return inet_pton(AF_INET, host, &in->sin_addr) == 1;
}

static inline unsigned int address_port(const struct address *address)
{
	return address->storage.ss_family == AF_INET6 ?
		       ntohs(((const struct sockaddr_in6 *)&address->storage)->sin6_port) :
		       ntohs(((const struct sockaddr_in *)&address->storage)->sin_port);
}

#endif
